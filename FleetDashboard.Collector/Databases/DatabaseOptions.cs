using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Databases;

/// <summary>Whether and how often the sizes of databases are measured.</summary>
internal sealed class DatabaseOptions
{
    public const string SectionName = "Databases";

    /// <summary>False: nothing is ever run inside a container.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Time between two measurements of the same container.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest time for one measurement.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The longest time for the database client inside the container. Less than the deadline, so that the client ends first.
    /// </summary>
    public TimeSpan ClientLimit => TimeSpan.FromSeconds(Math.Floor(Deadline.TotalSeconds * 2 / 3));
}

/// <summary>Checked at start; each message names the setting.</summary>
internal sealed class DatabaseOptionsValidator : IValidateOptions<DatabaseOptions>
{
    public ValidateOptionsResult Validate(string? name, DatabaseOptions options)
    {
        var builder = new ValidateOptionsResultBuilder();
        if (options.Interval < TimeSpan.FromSeconds(1) || options.Interval > TimeSpan.FromDays(1))
        {
            builder.AddError($"Databases:Interval is {options.Interval}; set it to between 00:00:01 and 1.00:00:00.");
        }

        if (options.Deadline < TimeSpan.FromSeconds(3) || options.Deadline > TimeSpan.FromMinutes(5))
        {
            builder.AddError($"Databases:Deadline is {options.Deadline}; set it to between 00:00:03 and 00:05:00.");
        }

        return builder.Build();
    }
}
