using System.Collections.Immutable;

namespace FleetDashboard.Contracts;

/// <summary>
/// Everything the Collector knows about one host at one moment. Immutable; the Collector publishes a new one for every change.
/// </summary>
public sealed record FleetSnapshot
{
    /// <summary>The engine and the machine it runs on.</summary>
    public required HostSnapshot Host { get; init; }

    /// <summary>Grows by one with each snapshot of one run of the Collector; starts again when the Collector does.</summary>
    public required long Sequence { get; init; }

    /// <summary>
    /// When the engine last sent something that this snapshot contains (UTC). Does not change while the engine is unreachable.
    /// </summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>True while the engine cannot be reached: everything else is the last known state.</summary>
    public required bool Stale { get; init; }

    /// <summary>Since when the engine has not answered (UTC), or null.</summary>
    public DateTimeOffset? StaleSince { get; init; }

    /// <summary>Why the engine cannot be reached, as a sentence that says what to do, or null.</summary>
    public string? StaleReason { get; init; }

    /// <summary>Time between two samples of CPU and memory, in seconds; longer while no viewer is present.</summary>
    public required double IntervalSeconds { get; init; }

    /// <summary>
    /// After this time without new stats they are overdue, in seconds. A snapshot whose <see cref="TakenAt"/> is older is not current.
    /// </summary>
    public required double OverdueAfterSeconds { get; init; }

    /// <summary>The one line that answers "is everything green?".</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Containers by state and colour, and the sums of what they use.</summary>
    public required FleetTotals Totals { get; init; }

    /// <summary>Every app, worst first, then by name.</summary>
    public required ImmutableArray<AppSnapshot> Apps { get; init; }

    /// <summary>The actions there are, in the order of the menu.</summary>
    public ImmutableArray<ActionDescription> Actions { get; init; } = [];

    /// <summary>
    /// For each action its most frequent refusal, sent once instead of with each container. It holds for a container that is not protected,
    /// does not list the action in <see cref="ContainerSnapshot.Actions"/> and has no refusal of its own for it.
    /// </summary>
    public ImmutableArray<ActionRefusal> UsualRefusals { get; init; } = [];

    /// <summary>Every network of the engine, by name.</summary>
    public required ImmutableArray<NetworkSnapshot> Networks { get; init; }

    /// <summary>
    /// Ports that a Swarm's routing mesh opens on this host for services without a container here. They are taken as well.
    /// </summary>
    public ImmutableArray<PortSnapshot> ServicePorts { get; init; } = [];

    /// <summary>Warnings about this dashboard itself, as sentences for the operator.</summary>
    public required ImmutableArray<string> Warnings { get; init; }

    /// <summary>Why an action is not offered for a container of this snapshot; null where it is offered.</summary>
    public string? WhyNot(ContainerSnapshot container, string action) =>
        container.Actions.Contains(action) ? null
        : container.Protected ? container.ProtectedReason
        : container.Refusals.Concat(UsualRefusals).FirstOrDefault(refusal => refusal.Action == action)?.Reason;
}

/// <summary>The engine and the machine it runs on.</summary>
/// <param name="Name">The host's name from the engine, or the one configured for the Collector.</param>
/// <param name="Engine">The engine's product name, e.g. <c>Docker</c>.</param>
/// <param name="EngineVersion">Its version.</param>
/// <param name="ApiVersion">The newest API version it speaks.</param>
/// <param name="Cpus">CPU cores of the host.</param>
/// <param name="MemoryBytes">Memory of the host in bytes.</param>
/// <param name="Demo">True for the demo engine, whose fleet is invented.</param>
/// <param name="Figures">Where the stats of running containers come from, one of <see cref="StatsSources"/>; null before the
/// first.</param>
/// <param name="EngineId">The engine's own id, which shows that two addresses lead to the same engine; empty where the engine sends
/// none.</param>
public sealed record HostSnapshot(
    string Name,
    string Engine,
    string EngineVersion,
    string ApiVersion,
    int Cpus,
    long MemoryBytes,
    bool Demo,
    string? Figures = null,
    string EngineId = ""
);

/// <summary>Where stats come from.</summary>
public static class StatsSources
{
    /// <summary>The kernel's cgroup files.</summary>
    public const string Cgroup = "cgroup";

    /// <summary>The engine's socket.</summary>
    public const string Socket = "socket";

    /// <summary>Files for some containers, the socket for others.</summary>
    public const string Mixed = "mixed";
}

/// <summary>The fleet's state in one line.</summary>
/// <param name="Color">The worst colour that counts: red, amber or green; grey before the first snapshot.</param>
/// <param name="Text">The headline, e.g. <c>1 app is down, 1 is struggling</c>.</param>
/// <param name="Causes">The apps that need attention, worst first, each with its reasons.</param>
public sealed record Verdict(HealthColor Color, string Text, ImmutableArray<VerdictCause> Causes)
{
    /// <summary>The sentence for one or more apps, of one host or of several.</summary>
    public static string Sentence(int apps, int down, int struggling) =>
        (down, struggling) switch
        {
            (0, 0) => apps == 1 ? "The app is green" : $"All {apps} apps are green",
            (_, 0) => Are(down, "down"),
            (0, _) => Are(struggling, "struggling"),
            _ => $"{Are(down, "down")}, {struggling} {(struggling == 1 ? "is" : "are")} struggling",
        };

    private static string Are(int count, string what) => count == 1 ? $"1 app is {what}" : $"{count} apps are {what}";
}

/// <summary>One app named by the verdict.</summary>
/// <param name="App">The app's name.</param>
/// <param name="Color">The app's colour.</param>
/// <param name="Text">What is wrong in it, e.g. <c>crashloop restarting: exit 3, 14 times in 6 min</c>.</param>
public sealed record VerdictCause(string App, HealthColor Color, string Text);

/// <summary>Sums over the whole fleet.</summary>
/// <param name="Apps">Number of apps.</param>
/// <param name="AppsGreen">Number of green and grey apps.</param>
/// <param name="Containers">Number of containers, in any state.</param>
/// <param name="ContainersUp">Number of running containers that are not red.</param>
/// <param name="CpuCores">CPU in use, in cores; null before the first sample.</param>
/// <param name="MemoryBytes">Memory in use without reclaimable page cache, in bytes; null before the first sample.</param>
/// <param name="DatabaseBytes">Sum of the measured sizes of databases in bytes; null where none was measured.</param>
/// <param name="Databases">Number of databases whose size was measured.</param>
/// <param name="AppsDown">Number of red apps.</param>
/// <param name="AppsStruggling">Number of amber apps.</param>
public sealed record FleetTotals(
    int Apps,
    int AppsGreen,
    int Containers,
    int ContainersUp,
    double? CpuCores,
    long? MemoryBytes,
    long? DatabaseBytes = null,
    int Databases = 0,
    int AppsDown = 0,
    int AppsStruggling = 0
);
