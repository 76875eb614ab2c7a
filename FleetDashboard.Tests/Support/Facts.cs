using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Tests.Support;

/// <summary>Containers as the engine reports them, with only the values that a test needs.</summary>
internal static class Facts
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 3, 0, 0, TimeSpan.Zero);

    /// <summary>A container that has been running without problems for a day.</summary>
    public static ContainerFacts Container(string name, params (string Label, string Value)[] labels) =>
        new()
        {
            Id = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name))),
            Name = name,
            Image = "acme/web:3",
            Labels = labels.ToImmutableDictionary(label => label.Label, label => label.Value),
            State = "running",
            Healthcheck = "none",
            RestartPolicy = "no",
            NetworkMode = "default",
            CreatedAt = Now.AddDays(-1),
            StartedAt = Now.AddDays(-1),
        };

    public static ContainerFacts Exited(string name, int code, TimeSpan ago) =>
        Container(name) with
        {
            State = "exited",
            ExitCode = code,
            FinishedAt = Now - ago,
        };

    public static ContainerFacts On(this ContainerFacts container, params string[] networks) =>
        container with
        {
            Networks = [.. networks.Select(network => new NetworkAttachment("id-of-" + network, network, ["10.0.0.2"]))],
        };

    public static EngineEvent Event(string action, TimeSpan ago, int? exitCode = null) =>
        new(Now - ago, "container", action, "id", exitCode);
}
