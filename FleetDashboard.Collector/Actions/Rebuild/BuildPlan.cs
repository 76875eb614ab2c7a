using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions.Rebuild;

/// <summary>What an image is built from, as somebody wrote it down. Nothing of it has been looked at on the disk.</summary>
/// <param name="Context">The folder with the sources, absolute.</param>
/// <param name="Dockerfile">Inside the context; null for <c>Dockerfile</c>.</param>
/// <param name="Args">Build arguments.</param>
/// <param name="Target">The stage to stop at; null for the last.</param>
/// <param name="Labels">Labels to put on the image.</param>
/// <param name="Origin">Who says so: <c>fleet.yaml line 12</c>, or a compose file.</param>
internal sealed record BuildPlan(
    string Context,
    string? Dockerfile,
    ImmutableSortedDictionary<string, string> Args,
    string? Target,
    ImmutableSortedDictionary<string, string> Labels,
    string Origin
);

/// <summary>A plan, or the reason why there is none.</summary>
/// <param name="Plan">Null where there is none.</param>
/// <param name="Refusal">Why there is no plan; null where there is one.</param>
internal sealed record BuildAnswer(BuildPlan? Plan, Refusal? Refusal)
{
    /// <summary>No Compose file and no fleet.yaml entry: the normal case of a container whose image comes from a registry.</summary>
    public static readonly BuildAnswer NoSource = new(
        null,
        new Refusal(RefusalCodes.NoBuildSource, "nothing says what its image is built from")
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
