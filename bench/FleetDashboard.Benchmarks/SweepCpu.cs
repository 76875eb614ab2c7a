using System.Globalization;

namespace FleetDashboard.Benchmarks;

/// <summary>The CPU time of a sweep, user and kernel, by the process's own clock over many sweeps.</summary>
internal static class SweepCpu
{
    private const int Rounds = 9;
    private const int Sweeps = 500;

    /// <summary>Prints the minimum and the median of the rounds, in milliseconds per sweep.</summary>
    public static void Print()
    {
        var sweep = new SweepBenchmarks();
        sweep.Open();
        Round(sweep); // warm-up: compiled code and cached files
        var rounds = Enumerable.Range(0, Rounds).Select(_ => Round(sweep)).Order().ToList();
        sweep.Close();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"CPU of a sweep of 60 containers: {rounds[0]:F2} ms at the least, {rounds[Rounds / 2]:F2} ms the median"
            )
        );
    }

    private static double Round(SweepBenchmarks sweep)
    {
        var before = Environment.CpuUsage.TotalTime;
        for (var done = 0; done < Sweeps; done++)
        {
            sweep.Sweep();
        }

        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / Sweeps;
    }
}
