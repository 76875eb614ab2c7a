using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Engine;

/// <summary>Where the engine listens, and how long its answers may take.</summary>
internal sealed class EngineOptions
{
    public const string SectionName = "Engine";

    /// <summary>The engine's API: <c>unix:///path</c> or <c>tcp://host:port</c>.</summary>
    public Uri Endpoint { get; set; } = new("unix:///var/run/docker.sock");

    /// <summary>
    /// The name of the host on the page. The engine's own name when unset or empty; deploy/compose.yaml passes an empty one.
    /// </summary>
    public string? HostName { get; set; }

    /// <summary>The longest time for one call, streams excepted.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often everything is compared with the engine's list, in case an event was missed.</summary>
    public TimeSpan ReconcileInterval { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>Checked at start; each message names the setting.</summary>
internal sealed class EngineOptionsValidator : IValidateOptions<EngineOptions>
{
    public ValidateOptionsResult Validate(string? name, EngineOptions options)
    {
        var builder = new ValidateOptionsResultBuilder();
        if (
            options.Endpoint
            is not (
                { IsAbsoluteUri: true, Scheme: "unix", AbsolutePath.Length: > 1 }
                or { IsAbsoluteUri: true, Scheme: "tcp", Host.Length: > 0, Port: > 0 }
            )
        )
        {
            builder.AddError(
                $"Engine:Endpoint (DOCKER_HOST) is '{options.Endpoint}'; set it to unix:///path/to/docker.sock or tcp://host:port."
            );
        }

        if (options.Deadline < TimeSpan.FromSeconds(1) || options.Deadline > TimeSpan.FromMinutes(2))
        {
            builder.AddError($"Engine:Deadline is {options.Deadline}; set it to between 00:00:01 and 00:02:00.");
        }

        if (options.ReconcileInterval < TimeSpan.FromSeconds(1) || options.ReconcileInterval > TimeSpan.FromHours(1))
        {
            builder.AddError($"Engine:ReconcileInterval is {options.ReconcileInterval}; set it to between 00:00:01 and 01:00:00.");
        }

        return builder.Build();
    }
}
