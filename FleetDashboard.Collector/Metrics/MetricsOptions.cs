using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Metrics;

/// <summary>Who may scrape, and which labels of containers are exposed.</summary>
internal sealed class MetricsOptions
{
    public const string SectionName = "Metrics";

    /// <summary>Matches every label.</summary>
    public const string Everything = "*";

    /// <summary>
    /// The labels of Compose, Swarm and this dashboard that name a container's app and service. Other labels may hold passwords and paths.
    /// </summary>
    public const string DefaultLabels =
        "com.docker.compose.project, com.docker.compose.service, com.docker.compose.container-number, com.docker.compose.oneoff, "
        + "com.docker.compose.config-hash, com.docker.stack.namespace, com.docker.swarm.service.name, com.docker.swarm.service.id, "
        + "com.docker.swarm.task.name, com.docker.swarm.task.id, com.docker.swarm.node.id, "
        + "fleet.app, fleet.role, fleet.protected";

    /// <summary>
    /// When set, <c>/metrics</c> requires it as <c>Authorization: Bearer</c>. When not set, every client that reaches the Collector may
    /// scrape.
    /// </summary>
    public string? Token { get; set; }

    /// <summary>
    /// The labels of containers in <c>/metrics/cadvisor</c>, separated by commas. An asterisk at the end matches every ending.
    /// </summary>
    public string Labels
    {
        get => string.IsNullOrWhiteSpace(field) ? DefaultLabels : field;
        set;
    } = "";

    public IReadOnlyList<string> LabelPatterns => Labels.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>Checked at start; the message names the setting.</summary>
internal sealed class MetricsOptionsValidator : IValidateOptions<MetricsOptions>
{
    public ValidateOptionsResult Validate(string? name, MetricsOptions options) =>
        options.LabelPatterns.FirstOrDefault(pattern =>
            pattern.IndexOf('*', StringComparison.Ordinal) is var star and >= 0 && star != pattern.Length - 1
        )
            is { } wrong
            ? ValidateOptionsResult.Fail(
                $"Metrics:Labels holds '{wrong}'. Write a label's name, or the beginning of names with an asterisk at its end."
            )
            : ValidateOptionsResult.Success;
}
