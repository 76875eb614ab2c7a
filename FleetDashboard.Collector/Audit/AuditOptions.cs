using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Audit;

/// <summary>Where the Collector keeps what must survive a restart.</summary>
internal sealed class CollectorDataOptions
{
    public const string SectionName = "Data";

    /// <summary>A folder that only this Collector uses. It is created with access for its owner only if it does not exist.</summary>
    public string Path
    {
        get => string.IsNullOrWhiteSpace(field) ? "./data/collector" : field;
        set;
    } = "";

    public string AuditFile => System.IO.Path.Combine(Path, TrailFile.Name);
}

/// <summary>How long the audit trail is kept, and how often its disk is checked.</summary>
internal sealed class AuditOptions
{
    public const string SectionName = "Audit";

    /// <summary>Records older than this are removed, such that the chain can still be verified. 0 keeps all records.</summary>
    public int KeepDays { get; set; } = 400;

    /// <summary>How often a write is tried, so that a full disk is noticed before an action needs the audit trail.</summary>
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>Checks the settings at start. Each message names the setting.</summary>
internal sealed class AuditOptionsValidator : IValidateOptions<AuditOptions>
{
    public ValidateOptionsResult Validate(string? name, AuditOptions options)
    {
        var builder = new ValidateOptionsResultBuilder();
        if (options.KeepDays is < 0 or > 36_500)
        {
            builder.AddError($"Audit:KeepDays is {options.KeepDays}. Set it to a value between 1 and 36500, or to 0 to keep all records.");
        }

        if (options.CheckInterval < TimeSpan.FromMilliseconds(100) || options.CheckInterval > TimeSpan.FromHours(1))
        {
            builder.AddError($"Audit:CheckInterval is {options.CheckInterval}. Set it to a value between 00:00:00.1 and 01:00:00.");
        }

        return builder.Build();
    }
}
