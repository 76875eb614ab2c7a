using System.Collections.Immutable;
using System.Net;

namespace FleetDashboard.Collector.Metadata;

/// <summary>
/// What the metadata file says, every value checked. Each thing remembers its line, so that whatever comes of it can be traced back.
/// </summary>
/// <param name="Apps">In the order of the file: the first one that claims a container has it.</param>
/// <param name="Protected">Containers that no action may touch, whatever their app.</param>
internal sealed record FleetFile(ImmutableArray<AppEntry> Apps, ImmutableArray<NamePattern> Protected)
{
    public static readonly FleetFile Empty = new([], []);
}

/// <summary>What the file says of one app.</summary>
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

    /// <summary>The containers it claims; empty where the app is found by its name alone.</summary>
    public ImmutableArray<NamePattern> Containers { get; init; } = [];

    public ImmutableArray<ExpectedPort> Ports { get; init; } = [];
    public ImmutableArray<ExpectedSubnet> Subnets { get; init; } = [];

    /// <summary>Those of its containers that no action may touch.</summary>
    public ImmutableArray<NamePattern> Protected { get; init; } = [];

    public RebuildSource? Rebuild { get; init; }
    public Thresholds Thresholds { get; init; } = Thresholds.None;
}

/// <summary>A subnet that an app is expected on.</summary>
internal sealed record ExpectedSubnet(IPNetwork Network, int Line);

/// <summary>What the app's image is built from.</summary>
/// <param name="Context">The folder with the sources.</param>
/// <param name="Dockerfile">Inside the context; null for the engine's own default.</param>
/// <param name="Args">Build arguments.</param>
/// <param name="Service">The service whose image it is; null where the app has but one image.</param>
/// <param name="Line">Where the file says so.</param>
internal sealed record RebuildSource(
    string Context,
    string? Dockerfile,
    ImmutableSortedDictionary<string, string> Args,
    string? Service,
    int Line
);

/// <summary>From where on a figure is bad, where that differs from the default. Shares from 0 to 1.</summary>
/// <param name="Memory">Of the memory limit.</param>
/// <param name="Cpu">Of the CPU limit.</param>
/// <param name="Throttled">Of the CPU periods.</param>
/// <param name="Samples">Bad samples in a row that raise the alarm.</param>
internal sealed record Thresholds(double? Memory, double? Cpu, double? Throttled, int? Samples)
{
    public static readonly Thresholds None = new(null, null, null, null);
}
