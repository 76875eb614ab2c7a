using System.Collections.Immutable;

namespace FleetDashboard.Collector.Metadata;

/// <summary>What is in force of the metadata file, and what has to be said about the file itself. A new one for every change.</summary>
/// <param name="Name">The file's name without its folder.</param>
/// <param name="File">What is in force: the last version without a mistake.</param>
/// <param name="Warnings">Why that is not what the file says now, as sentences.</param>
internal sealed record FleetMetadata(string Name, FleetFile File, ImmutableArray<string> Warnings)
{
    public static readonly FleetMetadata None = new("", FleetFile.Empty, []);
}
