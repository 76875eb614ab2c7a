using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions.Rebuild;

/// <summary>What an image is built from, as configured. Nothing in it has been checked against the disk.</summary>
/// <param name="Context">The context folder, an absolute path.</param>
/// <param name="Dockerfile">The path inside the context. Null means <c>Dockerfile</c>.</param>
/// <param name="Args">Build arguments.</param>
/// <param name="Target">The stage to stop at. Null means the last.</param>
/// <param name="Labels">Labels for the image.</param>
/// <param name="Origin">Where it is configured: <c>fleet.yaml line 12</c>, or a Compose file.</param>
internal sealed record BuildPlan(
    string Context,
    string? Dockerfile,
    ImmutableSortedDictionary<string, string> Args,
    string? Target,
    ImmutableSortedDictionary<string, string> Labels,
    string Origin
);

/// <summary>A build plan, or why the image cannot be built.</summary>
/// <param name="Plan">The plan, or null.</param>
/// <param name="Refusal">Why there is no plan. Null if there is one.</param>
internal sealed record BuildAnswer(BuildPlan? Plan, Refusal? Refusal)
{
    /// <summary>No Compose file and no fleet.yaml entry: the normal case of a container whose image comes from a registry.</summary>
    public static readonly BuildAnswer NoSource = new(
        null,
        new Refusal(RefusalCodes.NoBuildSource, "neither fleet.yaml nor a Compose file defines a build for it")
    );

    /// <summary>The image has sources, or might have. An operator must read what prevents the build.</summary>
    public static BuildAnswer Blocked(string why) => new(null, new Refusal(RefusalCodes.BuildBlocked, why));

    /// <summary>True where both have the same content. The dictionaries of a plan are compared entry by entry.</summary>
    public bool Says(BuildAnswer other) =>
        Refusal == other.Refusal
        && (
            Plan is null || other.Plan is null
                ? Plan is null && other.Plan is null
                : Plan with { Args = other.Plan.Args, Labels = other.Plan.Labels } == other.Plan
                    && Plan.Args.SequenceEqual(other.Plan.Args)
                    && Plan.Labels.SequenceEqual(other.Plan.Labels)
        );
}
