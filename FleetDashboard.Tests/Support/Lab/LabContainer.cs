using System.Globalization;
using Docker.DotNet.Models;
using FleetDashboard.Contracts;

namespace FleetDashboard.Tests.Support.Lab;

/// <summary>
/// One container: how the engine is asked for it, when it has got where it should be, and what the dashboard should then say of it.
/// By default it sleeps on the engine's default bridge, belongs to nobody and is green.
/// </summary>
/// <param name="Name">Its name, unique on the engine.</param>
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

    /// <summary>Networks by name; none means the default bridge.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>host, none or <c>container:NAME</c>, instead of networks.</summary>
    public string? NetworkMode { get; init; }

    /// <summary><c>container:NAME</c>: whose processes it sees and dies with.</summary>
    public string? PidMode { get; init; }

    /// <summary>shareable or <c>container:NAME</c>.</summary>
    public string? IpcMode { get; init; }

    /// <summary>Published ports, each <c>ADDRESS:PORT:TARGET/PROTOCOL</c>.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    public bool Tty { get; init; }

    /// <summary>What takes its log; the engine's own choice when empty.</summary>
    public string LogDriver { get; init; } = "";

    /// <summary>Its environment, each <c>NAME=value</c>.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>How long it may take to stop; the engine's own ten seconds where none is given.</summary>
    public TimeSpan? StopTimeout { get; init; }

    /// <summary>The container that must run before this one is created.</summary>
    public string? After { get; init; }

    /// <summary>What is done to it, once it is there, to bring it into its state.</summary>
    public LabAct Act { get; init; } = LabAct.Start;

    /// <summary>True once the engine's own inspect shows the state it is meant for.</summary>
    public Func<ContainerInspectResponse, bool> Reached { get; init; } = inspect => inspect.State is { Status: "running", Health: null };

    /// <summary>It came to its end and the engine has not noticed how: it is started once more.</summary>
    public Func<ContainerInspectResponse, bool> Missed { get; init; } = _ => false;

    /// <summary>The app it belongs to.</summary>
    public string App { get; init; } = Name;

    /// <summary>What makes it belong there.</summary>
    public AppOrigin Origin { get; init; } = AppOrigin.Container;

    /// <summary>How the dashboard should judge it.</summary>
    public HealthColor Color { get; init; } = HealthColor.Green;

    /// <summary>The codes of <see cref="ReasonCodes"/> it should give for that, no more and no fewer.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>Lets a test's output name it.</summary>
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

    /// <summary>Started, which fails: its port is taken.</summary>
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
