using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Fleet;

/// <summary>
/// The name of a container while its successor has its name. It shows which container it was, for an operator who finds it.
/// </summary>
internal static class ReplacedName
{
    public static string Create(string name, string id) => name + End(id);

    public static bool Is(ContainerFacts container) => container.Name.EndsWith(End(container.Id), StringComparison.Ordinal);

    private static string End(string id) => $"-fleet-before-{ShortId.From(id)}";
}
