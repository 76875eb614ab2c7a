using System.Collections.Immutable;

namespace FleetDashboard.Collector.Databases;

/// <summary>What one look into a container gave: its databases, or why they are not known.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Databases">The largest first; empty with an error.</param>
/// <param name="Error">A few words, or null.</param>
/// <param name="StartsUp">True where the server may soon be there.</param>
internal sealed record DatabaseReading(DateTimeOffset At, ImmutableArray<MeasuredDatabase> Databases, string? Error, bool StartsUp = false)
{
    public static DatabaseReading Failed(DateTimeOffset at, string error, bool startsUp = false) => new(at, [], error, startsUp);
}

/// <summary>One database.</summary>
/// <param name="Name">As the server calls it.</param>
/// <param name="Bytes">Null where it is not known.</param>
/// <param name="Why">Why it is not known; null where the server did not permit it.</param>
internal sealed record MeasuredDatabase(string Name, long? Bytes, string? Why = null);

/// <summary>A running container to be looked into.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name, for the log.</param>
/// <param name="Kind">As in <c>DatabaseKinds</c>.</param>
/// <param name="StartedAt">Since when it runs (UTC): another start is another case.</param>
internal sealed record DatabaseTarget(string Id, string Name, string Kind, DateTimeOffset? StartedAt);
