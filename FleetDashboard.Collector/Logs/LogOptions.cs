using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Logs;

/// <summary>How much of logs is read at a time, and for whom.</summary>
internal sealed class LogOptions
{
    public const string SectionName = "Logs";

    /// <summary>Streams of all users together.</summary>
    public int MaxStreams { get; set; } = 64;

    public int MaxStreamsPerUser { get; set; } = 16;

    /// <summary>Containers whose logs one stream may merge.</summary>
    public int MaxContainersPerStream { get; set; } = 100;

    /// <summary>So many bytes one stream may carry; then it ends with a sentence.</summary>
    public long MaxBytesPerStream { get; set; } = 256L * 1024 * 1024;

    /// <summary>A caller who takes nothing for so long is gone for good.</summary>
    public TimeSpan StallAfter { get; set; } = TimeSpan.FromMinutes(2);
}

/// <summary>Checked at start; each message names the setting.</summary>
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
            builder.AddError($"Logs:MaxStreams is {options.MaxStreams}; set it to between 1 and {MostStreams}.");
        }

        if (options.MaxStreamsPerUser is < 1 or > MostStreams)
        {
            builder.AddError($"Logs:MaxStreamsPerUser is {options.MaxStreamsPerUser}; set it to between 1 and {MostStreams}.");
        }

        if (options.MaxContainersPerStream is < 1 or > MostContainers)
        {
            builder.AddError($"Logs:MaxContainersPerStream is {options.MaxContainersPerStream}; set it to between 1 and {MostContainers}.");
        }

        if (options.MaxBytesPerStream < FewestBytes)
        {
            builder.AddError($"Logs:MaxBytesPerStream is {options.MaxBytesPerStream}; set it to {FewestBytes} or more.");
        }

        if (options.StallAfter < TimeSpan.FromSeconds(1) || options.StallAfter > TimeSpan.FromHours(1))
        {
            builder.AddError($"Logs:StallAfter is {options.StallAfter}; set it to between 00:00:01 and 01:00:00.");
        }

        return builder.Build();
    }
}
