using System.Collections.Immutable;
using System.Text.Json;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// A service of the Swarm, with the ports that the routing mesh publishes on every node.
/// </summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Ports">The ports published in mode ingress.</param>
internal sealed record ServiceFacts(string Id, string Name, ImmutableArray<PortClaim> Ports);

/// <summary>Reads the answer to <c>GET /services</c>.</summary>
internal static class ServiceList
{
    /// <summary>The label of a task's container with the id of its service.</summary>
    public const string IdLabel = "com.docker.swarm.service.id";

    public static ImmutableArray<ServiceFacts> Read(EngineAnswer answer) =>
        [
            .. ((JsonElement?)answer.Root)
                .Items(EngineLimits.Services)
                .Select(Service)
                .OfType<ServiceFacts>()
                .DistinctBy(service => service.Id),
        ];

    private static ServiceFacts? Service(JsonElement service) =>
        service.Text("ID") is { Length: > 0 } id
            ? new ServiceFacts(id, service.Member("Spec")?.Text("Name") ?? ShortId.From(id), [.. Ports(service).Distinct()])
            : null;

    private static IEnumerable<PortClaim> Ports(JsonElement service) =>
        from port in service.Member("Endpoint")?.Member("Ports").Items(EngineLimits.Ports) ?? []
        let published = port.Number("PublishedPort")
        let target = port.Number("TargetPort")
        where
            port.Text("PublishMode") is null or "ingress" && published is > 0 and <= ushort.MaxValue && target is > 0 and <= ushort.MaxValue
        select new PortClaim("0.0.0.0", (int)published.Value, port.Text("Protocol") ?? "tcp", (int)target.Value);
}
