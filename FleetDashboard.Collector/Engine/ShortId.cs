namespace FleetDashboard.Collector.Engine;

/// <summary>The first twelve digits of a container's id. The engine uses them as host name and as network alias.</summary>
internal static class ShortId
{
    private const int Length = 12;

    public static string From(string id) => id.Length > Length ? id[..Length] : id;
}
