using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Metrics;

/// <summary>Who may scrape, and which labels of containers are told.</summary>
internal sealed class MetricsOptions
{
    public const string SectionName = "Metrics";

    /// <summary>Lets every label through.</summary>
    public const string Everything = "*";

    /// <summary>
    /// Those of Compose, Swarm and this dashboard that say where a container belongs. Others may hold passwords and paths.
    /// </summary>
    public const string DefaultLabels =
        "com.docker.compose.project, com.docker.compose.service, com.docker.compose.container-number, com.docker.compose.oneoff, com.docker.compose.config-hash, "
        + "com.docker.stack.namespace, com.docker.swarm.service.name, com.docker.swarm.service.id, com.docker.swarm.task.name, com.docker.swarm.task.id, com.docker.swarm.node.id, "
        + "fleet.app, fleet.role, fleet.protected";

    /// <summary>
    /// When set, <c>/metrics</c> wants <c>Authorization: Bearer</c> with it; otherwise it is open to whoever reaches the Collector.
    /// </summary>
    public string? Token { get; set; }

    /// <summary>
    /// The labels of containers that <c>/metrics/cadvisor</c> tells, separated by commas. An asterisk at the end stands for every ending.
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
