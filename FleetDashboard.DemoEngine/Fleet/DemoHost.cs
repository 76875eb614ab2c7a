namespace FleetDashboard.DemoEngine.Fleet;

/// <summary>The machine of the demo fleet.</summary>
internal static class DemoHost
{
    public const string Name = "demo-host";
    public const string EngineVersion = "20.10.24";
    public const string ApiVersion = "1.41";
    public const string MinApiVersion = "1.12";
    public const int Cpus = 8;
    public const long MemoryBytes = 32L << 30;
    public static readonly TimeSpan Uptime = TimeSpan.FromDays(171);
}
