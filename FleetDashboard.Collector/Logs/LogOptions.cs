using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Logs;

/// <summary>Limits for reading logs.</summary>
internal sealed class LogOptions
{
    public const string SectionName = "Logs";

    /// <summary>The most streams of all users together.</summary>
    public int MaxStreams { get; set; } = 64;

    public int MaxStreamsPerUser { get; set; } = 16;

    /// <summary>The most containers whose logs one stream may merge.</summary>
    public int MaxContainersPerStream { get; set; } = 100;

    /// <summary>The most bytes of one stream. At the limit the stream ends with an explanation.</summary>
    public long MaxBytesPerStream { get; set; } = 256L * 1024 * 1024;

    /// <summary>How long a caller may read nothing before it counts as disconnected.</summary>
    public TimeSpan StallAfter { get; set; } = TimeSpan.FromMinutes(2);
}

/// <summary>Checks the settings at start. Each message names the setting.</summary>
internal sealed class LogOptionsValidator : IValidateOptions<LogOptions>
{
    private const int MostStreams = 10_000;
    private const int MostContainers = 1_000;
    private const long FewestBytes = 64 * 1024;

    public ValidateOptionsResult Validate(string? name, LogOptions options)
    {
        var builder = new ValidateOptionsResultBuilder();
        if (options.MaxStreams is < 1 or > MostStreams)
        {
            builder.AddError($"Logs:MaxStreams is {options.MaxStreams}. Set it to a value between 1 and {MostStreams}.");
        }

        if (options.MaxStreamsPerUser is < 1 or > MostStreams)
        {
            builder.AddError($"Logs:MaxStreamsPerUser is {options.MaxStreamsPerUser}. Set it to a value between 1 and {MostStreams}.");
        }

        if (options.MaxContainersPerStream is < 1 or > MostContainers)
        {
            builder.AddError(
                $"Logs:MaxContainersPerStream is {options.MaxContainersPerStream}. " + $"Set it to a value between 1 and {MostContainers}."
            );
        }

        if (options.MaxBytesPerStream < FewestBytes)
        {
            builder.AddError($"Logs:MaxBytesPerStream is {options.MaxBytesPerStream}. Set it to {FewestBytes} or more.");
        }

        if (options.StallAfter < TimeSpan.FromSeconds(1) || options.StallAfter > TimeSpan.FromHours(1))
        {
            builder.AddError($"Logs:StallAfter is {options.StallAfter}. Set it to a value between 00:00:01 and 01:00:00.");
        }

        return builder.Build();
    }
}
