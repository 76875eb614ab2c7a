using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Actions;

/// <summary>Whether actions are possible, and their limits.</summary>
internal sealed class ActionOptions
{
    public const string SectionName = "Actions";

    /// <summary>With false, the routes that act do not exist.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How many requests to act one user may send a minute. More are answered with 429.</summary>
    public int RequestsPerMinute { get; set; } = 60;

    /// <summary>How many unfinished jobs one user may have.</summary>
    public int JobsPerUser { get; set; } = 20;

    /// <summary>How many jobs run at once.</summary>
    public int Running { get; set; } = 4;

    /// <summary>How many jobs may wait.</summary>
    public int Queued { get; set; } = 100;

    /// <summary>How long a restart may take beyond the container's own stop timeout.</summary>
    public TimeSpan RestartDeadline { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a pull may take.</summary>
    public TimeSpan PullDeadline { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long an update may take beyond the container's stop timeout and the start period of its health check.</summary>
    public TimeSpan UpdateDeadline { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a rebuild may take, with the recreation.</summary>
    public TimeSpan RebuildDeadline { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Folders that images may be built from. Empty: no image is built. Links are resolved before the comparison.</summary>
    public List<string> BuildRoots { get; set; } = [];

    /// <summary>The largest build context, in MiB.</summary>
    public int BuildContextMegabytes { get; set; } = 2048;

    /// <summary>
    /// The file with the registries' credentials. Default: <c>config.json</c> in <c>DOCKER_CONFIG</c> or in <c>~/.docker</c>.
    /// </summary>
    public string? RegistryConfig { get; set; }
}

/// <summary>Checked at start; each message names the setting.</summary>
internal sealed class ActionOptionsValidator : IValidateOptions<ActionOptions>
{
    private const int Most = 10_000;

    public ValidateOptionsResult Validate(string? name, ActionOptions options)
    {
        var builder = new ValidateOptionsResultBuilder();
        Count(nameof(options.RequestsPerMinute), options.RequestsPerMinute);
        Count(nameof(options.JobsPerUser), options.JobsPerUser);
        Count(nameof(options.Running), options.Running);
        Count(nameof(options.Queued), options.Queued);
        Duration(nameof(options.RestartDeadline), options.RestartDeadline);
        Duration(nameof(options.PullDeadline), options.PullDeadline);
        Duration(nameof(options.UpdateDeadline), options.UpdateDeadline);
        Duration(nameof(options.RebuildDeadline), options.RebuildDeadline);
        Count(nameof(options.BuildContextMegabytes), options.BuildContextMegabytes);
        foreach (var root in options.BuildRoots.Where(root => !root.StartsWith('/')))
        {
            builder.AddError($"Actions:BuildRoots has '{root}'; name folders by their full path.");
        }

        return builder.Build();

        void Count(string key, int value)
        {
            if (value is < 1 or > Most)
            {
                builder.AddError($"Actions:{key} is {value}; set it to between 1 and {Most}.");
            }
        }

        void Duration(string key, TimeSpan value)
        {
            if (value < TimeSpan.FromSeconds(1) || value > TimeSpan.FromHours(2))
            {
                builder.AddError($"Actions:{key} is {value}; set it to between 00:00:01 and 02:00:00.");
            }
        }
    }
}
