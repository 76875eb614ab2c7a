namespace FleetDashboard.Collector.Engine;

/// <summary>The first twelve digits of a container's id, which the engine uses as its host name and as an alias on its networks.</summary>
internal static class ShortId
{
    private const int Length = 12;

    public static string From(string id) => id.Length > Length ? id[..Length] : id;
}
