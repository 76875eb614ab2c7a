using System.Collections.Immutable;

namespace FleetDashboard.Collector.Databases;

/// <summary>One measurement of a container's databases: their sizes, or the error.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Databases">The largest first; empty with an error.</param>
/// <param name="Error">Why nothing could be measured, without a full stop; null where it could.</param>
/// <param name="StartsUp">True where the server is still starting.</param>
internal sealed record DatabaseReading(DateTimeOffset At, ImmutableArray<MeasuredDatabase> Databases, string? Error, bool StartsUp = false)
{
    public static DatabaseReading Failed(DateTimeOffset at, string error, bool startsUp = false) => new(at, [], error, startsUp);
}

/// <summary>One database.</summary>
/// <param name="Name">The server's name for it.</param>
/// <param name="Bytes">Its size; null where it could not be measured.</param>
/// <param name="Why">Why it could not be measured; null where the server refused to show it.</param>
internal sealed record MeasuredDatabase(string Name, long? Bytes, string? Why = null);
