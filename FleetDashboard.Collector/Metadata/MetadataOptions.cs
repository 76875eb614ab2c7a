using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Metadata;

/// <summary>Settings of the metadata file.</summary>
internal sealed class MetadataOptions
{
    public const string SectionName = "Fleet";

    /// <summary>Path of the file; unset for none.</summary>
    public string? File { get; set; }

    /// <summary>True: a missing file causes no warning.</summary>
    public bool Optional { get; set; }

    /// <summary>How often the file is checked for changes.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);
}

/// <summary>Checked at start; each message names the setting.</summary>
internal sealed class MetadataOptionsValidator : IValidateOptions<MetadataOptions>
{
    public ValidateOptionsResult Validate(string? name, MetadataOptions options)
    {
        var builder = new ValidateOptionsResultBuilder();
        if (!string.IsNullOrEmpty(options.File) && (string.IsNullOrWhiteSpace(options.File) || options.File.Contains('\0')))
        {
            builder.AddError("Fleet:File (FLEET_FILE) is not a path; set it to the metadata file, or leave it unset.");
        }

        if (options.Interval < TimeSpan.FromMilliseconds(100) || options.Interval > TimeSpan.FromMinutes(10))
        {
            builder.AddError($"Fleet:Interval is {options.Interval}; set it to between 00:00:00.1 and 00:10:00.");
        }

        return builder.Build();
    }
}
