using System.Globalization;
using Docker.DotNet.Models;
using FleetDashboard.Contracts;

namespace FleetDashboard.Tests.Support.Lab;

/// <summary>
/// One container: its create settings, when it has reached its state, and how the dashboard should judge it. By default it sleeps on the
/// engine's default bridge, belongs to no app and is green.
/// </summary>
/// <param name="Name">The name, unique on the engine.</param>
public sealed record LabContainer(string Name)
{
    public string Image { get; init; } = BusyboxImage.Name;

    public IReadOnlyList<string> Command { get; init; } = ["sleep", "86400"];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>no, always, unless-stopped or on-failure.</summary>
    public RestartPolicyKind Restart { get; init; } = RestartPolicyKind.No;

    public HealthcheckConfig? Healthcheck { get; init; }

    public double? CpuCores { get; init; }

    public long? MemoryBytes { get; init; }

    /// <summary>Networks by name. Empty means the default bridge.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>host, none or <c>container:NAME</c>, instead of networks.</summary>
    public string? NetworkMode { get; init; }

    /// <summary><c>container:NAME</c>: shares that container's processes and exits with it.</summary>
    public string? PidMode { get; init; }

    /// <summary>shareable or <c>container:NAME</c>.</summary>
    public string? IpcMode { get; init; }

    /// <summary>Published ports, each <c>ADDRESS:PORT:TARGET/PROTOCOL</c>.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    public bool Tty { get; init; }

    /// <summary>The log driver. Empty means the engine's default.</summary>
    public string LogDriver { get; init; } = "";

    /// <summary>The environment, each <c>NAME=value</c>.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>The stop timeout. Null means the engine's default of ten seconds.</summary>
    public TimeSpan? StopTimeout { get; init; }

    /// <summary>The container that must be running before this one is created.</summary>
    public string? After { get; init; }

    /// <summary>What brings the container into its state.</summary>
    public LabAct Act { get; init; } = LabAct.Start;

    /// <summary>Whether the engine's inspect shows the intended state.</summary>
    public Func<ContainerInspectResponse, bool> Reached { get; init; } = inspect => inspect.State is { Status: "running", Health: null };

    /// <summary>Whether the container exited and the engine missed the reason, so that it must be started again.</summary>
    public Func<ContainerInspectResponse, bool> Missed { get; init; } = _ => false;

    /// <summary>The app to which it belongs.</summary>
    public string App { get; init; } = Name;

    /// <summary>How it is assigned to the app.</summary>
    public AppOrigin Origin { get; init; } = AppOrigin.Container;

    /// <summary>The expected colour.</summary>
    public HealthColor Color { get; init; } = HealthColor.Green;

    /// <summary>The exact <see cref="ReasonCodes"/> expected for it.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>The name in a test's output.</summary>
    public override string ToString() => $"{Name} ({Color}{string.Concat(Reasons.Select(reason => $" {reason}"))})";

    internal CreateContainerParameters Parameters(string runId) =>
        new()
        {
            Name = Name,
            Image = Image,
            Cmd = [.. Command],
            Env = [.. Environment],
            Labels = new Dictionary<string, string>(Labels) { [EngineFixture.RunLabel] = runId },
            Healthcheck = Healthcheck,
            Tty = Tty,
            StopTimeout = StopTimeout,
            ExposedPorts = Ports
                .Select(LabPort.Parse)
                .Select(port => port.Exposed)
                .Distinct()
                .ToDictionary(port => port, _ => default(EmptyStruct)),
            HostConfig = new HostConfig
            {
                RestartPolicy = new RestartPolicy { Name = Restart },
                NanoCPUs = (long)((CpuCores ?? 0) * 1_000_000_000),
                Memory = MemoryBytes ?? 0,
                LogConfig = new LogConfig { Type = LogDriver },
                ShmSize = 256 * 1024 * 1024,
                PidMode = PidMode ?? "",
                IpcMode = IpcMode ?? "",
                NetworkMode = NetworkMode ?? (Networks is [var first, ..] ? first : "default"),
                PortBindings = Ports
                    .Select(LabPort.Parse)
                    .GroupBy(port => port.Exposed)
                    .ToDictionary(
                        group => group.Key,
                        IList<PortBinding> (group) =>
                            [
                                .. group.Select(port => new PortBinding
                                {
                                    HostIP = port.Address,
                                    HostPort = port.Port.ToString(CultureInfo.InvariantCulture),
                                }),
                            ]
                    ),
            },
        };
}

/// <summary>How a container is brought into its state.</summary>
public enum LabAct
{
    /// <summary>Left as created.</summary>
    None,

    /// <summary>Started.</summary>
    Start,

    /// <summary>Started, which fails because its port is taken.</summary>
    FailToStart,

    /// <summary>Started, then paused.</summary>
    Pause,

    /// <summary>Started, then stopped by hand with SIGTERM.</summary>
    Stop,
}

/// <summary>One published port.</summary>
internal sealed record LabPort(string Address, int Port, string Exposed)
{
    public static LabPort Parse(string text) =>
        text.Split(':') is [var address, var port, var exposed]
            ? new(address, int.Parse(port, CultureInfo.InvariantCulture), exposed)
            : throw new FormatException($"A port is written ADDRESS:PORT:TARGET/PROTOCOL, not {text}");
}
