using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Fleet;

/// <summary>What a container is called while its successor has its name. Says whose place it had, and which one it is, to whoever finds it.</summary>
internal static class AsideName
{
    private const int ShortId = 12;

    public static string Of(string name, string id) => name + End(id);

    public static bool Is(ContainerFacts container) => container.Id.Length >= ShortId && container.Name.EndsWith(End(container.Id), StringComparison.Ordinal);

    private static string End(string id) => $"-fleet-before-{id[..ShortId]}";
}
