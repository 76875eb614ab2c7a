using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Audit;

/// <summary>Where the Collector keeps what must survive a restart.</summary>
internal sealed class CollectorDataOptions
{
    public const string SectionName = "Data";

    /// <summary>A folder of this Collector alone; made, for its owner only, where it is not there.</summary>
    public string Path
    {
        get => string.IsNullOrWhiteSpace(field) ? "./data/collector" : field;
        set;
    } = "";

    public string AuditFile => System.IO.Path.Combine(Path, TrailFile.Name);
}

/// <summary>How long the trail is kept, and how closely its disk is watched.</summary>
internal sealed class AuditOptions
{
    public const string SectionName = "Audit";

    /// <summary>Records older than this are removed, in a way that the chain stays checkable; 0 keeps them for ever.</summary>
    public int KeepDays { get; set; } = 400;

    /// <summary>How often a write is tried, so that a full disk is known before somebody needs it.</summary>
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>Checked at start; each message names the setting.</summary>
internal sealed class AuditOptionsValidator : IValidateOptions<AuditOptions>
{
    public ValidateOptionsResult Validate(string? name, AuditOptions options)
    {
        var builder = new ValidateOptionsResultBuilder();
        if (options.KeepDays is < 0 or > 36_500)
        {
            builder.AddError($"Audit:KeepDays is {options.KeepDays}; set it to between 1 and 36500, or to 0 to keep the trail for ever.");
        }

        if (options.CheckInterval < TimeSpan.FromMilliseconds(100) || options.CheckInterval > TimeSpan.FromHours(1))
        {
            builder.AddError($"Audit:CheckInterval is {options.CheckInterval}; set it to between 00:00:00.1 and 01:00:00.");
        }

        return builder.Build();
    }
}
