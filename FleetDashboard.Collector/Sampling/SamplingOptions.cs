using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Sampling;

/// <summary>How often the figures are read.</summary>
internal sealed class SamplingOptions
{
    public const string SectionName = "Sampling";

    /// <summary>Time between two readings.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>Checked at start; the message names the setting.</summary>
internal sealed class SamplingOptionsValidator : IValidateOptions<SamplingOptions>
{
    public ValidateOptionsResult Validate(string? name, SamplingOptions options) =>
        options.Interval >= TimeSpan.FromSeconds(1) && options.Interval <= TimeSpan.FromMinutes(5)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Sampling:Interval is {options.Interval}; set it to between 00:00:01 and 00:05:00.");
}
