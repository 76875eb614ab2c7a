using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Actions;

/// <summary>How the containers of a fleet depend on each other, as the guard needs it.</summary>
internal sealed class GuardedFleet
{
    private readonly Dictionary<string, ContainerFacts> _byId;
    private readonly ILookup<string, Loan> _lent;
    private readonly List<ContainerFacts> _users;

    public GuardedFleet(GuardInputs inputs)
    {
        Inputs = inputs;
        _byId = inputs.Containers.ToDictionary(container => container.Id);
        _lent = inputs
            .Containers.SelectMany(container =>
                container.Borrows.Select(borrowed => (borrowed.ContainerId, Loan: new Loan(borrowed.What, container.Name, container)))
            )
            .ToLookup(pair => pair.ContainerId, pair => pair.Loan);
        _users = [.. inputs.Containers.Where(container => container.References.Length > 0)];
    }

    public GuardInputs Inputs { get; }

    /// <summary>The namespaces of other containers that it lives in.</summary>
    public ImmutableArray<Loan> BorrowsOf(ContainerFacts container) =>
        [
            .. container.Borrows.Select(borrowed =>
                _byId.GetValueOrDefault(borrowed.ContainerId) is { } owner
                    ? new Loan(borrowed.What, owner.Name, owner)
                    : new Loan(borrowed.What, "a container that is gone", null)
            ),
        ];

    /// <summary>Its namespaces that other containers live in.</summary>
    public ImmutableArray<Loan> LendsOf(ContainerFacts container) => [.. _lent[container.Id]];

    /// <summary>Why other containers could not start or be recreated without it, one sentence for each.</summary>
    public ImmutableArray<string> DependentsOf(ContainerFacts container) =>
        [.. _users.SelectMany(other => other.References.Select(reference => Dependence(other, reference, container)).OfType<string>())];

    /// <summary>The container of its <c>--volumes-from</c> that is gone; null where all are present.</summary>
    public string? MissingSourceOf(ContainerFacts container) =>
        container
            .References.FirstOrDefault(reference => reference.Kind == ReferenceKind.Volumes && !_byId.Values.Any(reference.Means))
            ?.Container;

    // A link breaks whenever its target is removed. Volumes are found again by name, but not by id.
    private static string? Dependence(ContainerFacts user, ContainerReference reference, ContainerFacts used) =>
        reference.Kind switch
        {
            ReferenceKind.Link when reference.Means(used) => $"{user.Name} is linked to it (--link) and could not start any more",
            ReferenceKind.Volumes when reference.MeansId(used.Id) =>
                $"{user.Name} takes its volumes by its id (--volumes-from) and could not be recreated any more",
            _ => null,
        };
}
