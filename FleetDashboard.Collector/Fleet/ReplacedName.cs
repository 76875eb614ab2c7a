using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Fleet;

/// <summary>
/// What a container is called while its successor has its name. Says whose place it had, and which one it is, to whoever finds it.
/// </summary>
internal static class ReplacedName
{
    public static string Create(string name, string id) => name + End(id);

    public static bool Is(ContainerFacts container) => container.Name.EndsWith(End(container.Id), StringComparison.Ordinal);

    private static string End(string id) => $"-fleet-before-{ShortId.From(id)}";
}
