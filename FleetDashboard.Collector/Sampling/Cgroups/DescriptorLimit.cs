namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>The number of files that this process may open.</summary>
internal static class DescriptorLimit
{
    private const string Line = "Max open files";

    /// <summary>Assumed where the kernel does not say: the smallest default of any system.</summary>
    private const int Smallest = 1024;

    /// <summary>The soft limit. The runtime raised it to the hard limit when it started.</summary>
    public static int Read()
    {
        try
        {
            // Max open files            1024                 524288               files
            var line = File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith(Line, StringComparison.Ordinal)) ?? "";
            return
                line[Line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, ..] && int.TryParse(soft, out var limit)
                ? limit
                : int.MaxValue;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            return Smallest;
        }
    }
}
