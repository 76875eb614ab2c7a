using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Sampling;

/// <summary>How often stats are read, and from where.</summary>
internal sealed class SamplingOptions
{
    public const string SectionName = "Sampling";

    /// <summary>Time between two readings while the dashboard is viewed.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Time between two readings while the dashboard is not viewed. Unless set, 30 seconds, or <see cref="Interval"/> where that is longer.
    /// </summary>
    public TimeSpan? IdleInterval { get; set; }

    /// <summary>
    /// How long after the last stream, request or scrape the dashboard counts as viewed. Must exceed the Prometheus scrape interval.
    /// </summary>
    public TimeSpan IdleAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>auto, cgroup or socket.</summary>
    public string Source { get; set; } = StatsSource.Auto;

    /// <summary>Where the host's cgroups are mounted.</summary>
    public string CgroupRoot { get; set; } = "/sys/fs/cgroup";

    /// <summary>Where the host's /proc is mounted. A process is used only where its cgroup file names the container.</summary>
    public string ProcRoot { get; set; } = "/proc";

    /// <summary>Time between two readings while the dashboard is not viewed.</summary>
    public TimeSpan IdlePace => IdleInterval ?? (Interval > DefaultIdle ? Interval : DefaultIdle);

    private static readonly TimeSpan DefaultIdle = TimeSpan.FromSeconds(30);
}

/// <summary>The values of <see cref="SamplingOptions.Source"/>.</summary>
internal static class StatsSource
{
    /// <summary>Cgroup files where they can be read, else the engine's socket.</summary>
    public const string Auto = "auto";

    /// <summary>The same as auto, with a warning where the socket is used.</summary>
    public const string Cgroup = "cgroup";

    /// <summary>The engine's socket alone.</summary>
    public const string Socket = "socket";
}

/// <summary>Checked at start; each message names the setting.</summary>
internal sealed class SamplingOptionsValidator : IValidateOptions<SamplingOptions>
{
    public ValidateOptionsResult Validate(string? name, SamplingOptions options)
    {
        var builder = new ValidateOptionsResultBuilder();
        if (options.Interval < TimeSpan.FromSeconds(1) || options.Interval > TimeSpan.FromMinutes(5))
        {
            builder.AddError($"Sampling:Interval is {options.Interval}; set it to between 00:00:01 and 00:05:00.");
        }

        if (options.IdleInterval is { } idle && (idle < options.Interval || idle > TimeSpan.FromMinutes(15)))
        {
            builder.AddError($"Sampling:IdleInterval is {idle}; set it to between Sampling:Interval ({options.Interval}) and 00:15:00.");
        }

        if (options.IdleAfter < TimeSpan.FromSeconds(1) || options.IdleAfter > TimeSpan.FromDays(1))
        {
            builder.AddError($"Sampling:IdleAfter is {options.IdleAfter}; set it to between 00:00:01 and 1.00:00:00.");
        }

        if (options.Source is not (StatsSource.Auto or StatsSource.Cgroup or StatsSource.Socket))
        {
            builder.AddError($"Sampling:Source is '{options.Source}'; set it to auto, cgroup or socket.");
        }

        if (!Path.IsPathRooted(options.CgroupRoot))
        {
            builder.AddError(
                $"Sampling:CgroupRoot is '{options.CgroupRoot}'; set it to the full path of a folder, such as /sys/fs/cgroup."
            );
        }

        if (!Path.IsPathRooted(options.ProcRoot))
        {
            builder.AddError($"Sampling:ProcRoot is '{options.ProcRoot}'; set it to the full path of a folder, such as /proc.");
        }

        return builder.Build();
    }
}
