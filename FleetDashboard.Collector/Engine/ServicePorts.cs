using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// The ports that a Swarm's routing mesh publishes on this host. No container's inspection shows them. The mesh opens them on every node,
/// whether a task runs there or not.
/// </summary>
internal sealed class ServicePorts
{
    private readonly ILookup<string, PortSnapshot> _byContainer;

    public ServicePorts(ImmutableArray<ServiceFacts> services, IEnumerable<ContainerFacts> containers)
    {
        // Each port is listed with one task of its service. With every task it would be a conflict with itself.
        var tasks = containers
            .Where(container => container.Labels.ContainsKey(ServiceList.IdLabel))
            .OrderByDescending(container => container.IsRunning)
            .ThenBy(container => container.Name, StringComparer.Ordinal)
            .ToLookup(container => container.Labels[ServiceList.IdLabel]);
        var owned = services.Select(service => (Service: service, Owner: tasks[service.Id].FirstOrDefault())).ToList();
        _byContainer = owned
            .Where(pair => pair.Owner is not null)
            .SelectMany(pair => Ports(pair.Service, pair.Owner!.Name).Select(port => (pair.Owner!.Id, Port: port)))
            .ToLookup(pair => pair.Id, pair => pair.Port);
        Unowned = [.. owned.Where(pair => pair.Owner is null).SelectMany(pair => Ports(pair.Service, pair.Service.Name))];
    }

    /// <summary>The ports of services that have no container on this host.</summary>
    public ImmutableArray<PortSnapshot> Unowned { get; }

    /// <summary>The ports that are shown with this container.</summary>
    public IEnumerable<PortSnapshot> Find(ContainerFacts container) => _byContainer[container.Id];

    private static IEnumerable<PortSnapshot> Ports(ServiceFacts service, string container) =>
        service.Ports.Select(port => new PortSnapshot(port.Address, port.Port, port.Protocol, container, port.Target, Conflict: false));
}
