using System.Collections.Immutable;
using FleetDashboard.Collector.Actions.Rebuild;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Actions;

/// <summary>Everything the guard knows about a container.</summary>
/// <param name="Facts">The engine's description of the container.</param>
/// <param name="Service">The container's name inside its app.</param>
internal sealed record GuardCase(ContainerFacts Facts, string Service)
{
    /// <summary>The value of <see cref="ActionOptions.Enabled"/>.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Why fleet.yaml forbids every action; null where it does not.</summary>
    public string? Forbidden { get; init; }

    /// <summary>True for the container that this process runs in.</summary>
    public bool IsSelf { get; init; }

    /// <summary>What it uses of other containers.</summary>
    public ImmutableArray<Loan> Borrows { get; init; } = [];

    /// <summary>What other containers use of it.</summary>
    public ImmutableArray<Loan> Lends { get; init; } = [];

    /// <summary>How other containers depend on its id, as clauses.</summary>
    public ImmutableArray<string> Dependents { get; init; } = [];

    /// <summary>A container that is gone but whose volumes this one mounts (<c>--volumes-from</c>); null for none.</summary>
    public string? MissingSource { get; init; }

    /// <summary>True where the container's tag names a newer image on this host.</summary>
    public bool UpdateAvailable { get; init; }

    /// <summary>Why its image cannot be built; null where it can.</summary>
    public Refusal? WhyNotBuilt { get; init; } = BuildAnswer.NoSource.Refusal;
}

/// <summary>A network, process or IPC namespace that two containers share.</summary>
/// <param name="What">What they share.</param>
/// <param name="Name">The other container's name.</param>
/// <param name="Other">The other container; null where it is gone.</param>
internal sealed record Loan(string What, string Name, ContainerFacts? Other);
