using System.Collections.Immutable;

namespace FleetDashboard.Collector.Metadata;

/// <summary>The version of fleet.yaml in force, with warnings about the file. Each change creates a new one.</summary>
/// <param name="Name">The file's name without its folder.</param>
/// <param name="File">The last version without an error.</param>
/// <param name="Warnings">Why the file on disk is not in force, as sentences.</param>
internal sealed record FleetMetadata(string Name, FleetFile File, ImmutableArray<string> Warnings)
{
    public static readonly FleetMetadata None = new("", FleetFile.Empty, []);
}
