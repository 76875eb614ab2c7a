namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>How many files this process may have open.</summary>
internal static class DescriptorLimit
{
    private const string Line = "Max open files";

    /// <summary>What is assumed where the kernel does not say: the least that any system gives.</summary>
    private const int Smallest = 1024;

    /// <summary>The limit that counts. The runtime has raised it to the hard one at its start.</summary>
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
