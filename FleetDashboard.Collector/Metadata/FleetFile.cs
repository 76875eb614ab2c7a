using System.Collections.Immutable;
using System.Net;

namespace FleetDashboard.Collector.Metadata;

/// <summary>
/// The checked content of fleet.yaml. Every entry keeps its line number, so that a warning can name it.
/// </summary>
/// <param name="Apps">In the order of the file. The first app that claims a container gets it.</param>
/// <param name="Protected">Containers that no action may touch, in any app.</param>
internal sealed record FleetFile(ImmutableArray<AppEntry> Apps, ImmutableArray<NamePattern> Protected)
{
    public static readonly FleetFile Empty = new([], []);
}

/// <summary>One app of the file.</summary>
internal sealed record AppEntry(string Name, int Line)
{
    public string? Title { get; init; }

    /// <summary>http or https.</summary>
    public string? Link { get; init; }

    public string? Owner { get; init; }

    /// <summary>http or https.</summary>
    public string? Runbook { get; init; }

    /// <summary>An emoji or up to three characters.</summary>
    public string? Icon { get; init; }

    /// <summary>The containers it claims. Empty: the app is matched by its name.</summary>
    public ImmutableArray<NamePattern> Containers { get; init; } = [];

    public ImmutableArray<ExpectedPort> Ports { get; init; } = [];
    public ImmutableArray<ExpectedSubnet> Subnets { get; init; } = [];

    /// <summary>Containers of this app that no action may touch.</summary>
    public ImmutableArray<NamePattern> Protected { get; init; } = [];

    public RebuildSource? Rebuild { get; init; }
    public Thresholds Thresholds { get; init; } = Thresholds.None;
}

/// <summary>A subnet that the app is expected to use.</summary>
internal sealed record ExpectedSubnet(IPNetwork Network, int Line);

/// <summary>The sources that the app's image is built from.</summary>
/// <param name="Context">The folder with the sources.</param>
/// <param name="Dockerfile">Path inside the context; null for Docker's default.</param>
/// <param name="Args">Build arguments.</param>
/// <param name="Service">The service that uses the image; null where the app has only one image.</param>
/// <param name="Line">The line in the file.</param>
internal sealed record RebuildSource(
    string Context,
    string? Dockerfile,
    ImmutableSortedDictionary<string, string> Args,
    string? Service,
    int Line
);

/// <summary>Limits above which a container is amber, where they differ from the defaults. Shares from 0 to 1.</summary>
/// <param name="Memory">Share of the memory limit.</param>
/// <param name="Cpu">Share of the CPU limit.</param>
/// <param name="Throttled">Share of the CPU periods that were throttled.</param>
/// <param name="Samples">Consecutive bad samples before the container turns amber.</param>
internal sealed record Thresholds(double? Memory, double? Cpu, double? Throttled, int? Samples)
{
    public static readonly Thresholds None = new(null, null, null, null);
}
