using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Fleet;

/// <summary>One change, without the container's name, which may change later.</summary>
internal sealed record Change(DateTimeOffset At, string What, string Text);

/// <summary>The state changes of one container in the last hour. Immutable and bounded.</summary>
internal sealed record ChangeLog
{
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);
    public static readonly ChangeLog Empty = new();

    // The engine's slowest restart loop makes one change a minute. A faster one would be one thick line on a chart.
    private const int Capacity = 64;

    // How far apart a stop and the death that it causes may be.
    private static readonly TimeSpan StopToDeath = TimeSpan.FromSeconds(30);

    // A start this soon after an end is shown as one restart.
    private static readonly TimeSpan Restart = TimeSpan.FromMinutes(2);

    public ImmutableArray<Change> Changes { get; private init; } = [];

    // A stop whose death was not received yet.
    private DateTimeOffset? StoppedAt { get; init; }

    public ChangeLog With(EngineEvent what) =>
        what switch
        {
            { Type: not "container" } => this,
            { Action: "create" } => Add(what.At, StateChangeKinds.Created, "created"),
            { Action: "die" } when (what.At - StoppedAt)?.Duration() <= StopToDeath => Add(
                what.At,
                StateChangeKinds.Stopped,
                "stopped on request"
            ) with
            {
                StoppedAt = null,
            },
            { Action: "die", ExitCode: 0 or null } => Add(what.At, StateChangeKinds.Finished, "finished with 0"),
            { Action: "die", ExitCode: { } code } => Add(what.At, StateChangeKinds.Failed, $"exited with {Format.ExitCode(code)}"),
            { Action: "stop" } => Requested(what.At),
            { Action: "start" } => Started(what.At) with { StoppedAt = null },
            { Action: "restart" } => Restarted(what.At),
            { Action: "oom" } => Add(what.At, StateChangeKinds.OutOfMemory, "out of memory: the kernel killed a process"),
            { Action: "pause" } => Add(what.At, StateChangeKinds.Paused, "paused"),
            { Action: "unpause" } => Add(what.At, StateChangeKinds.Resumed, "resumed"),
            _ => this,
        };

    /// <summary>The engine's event does not carry the new health, so two inspections are compared.</summary>
    public ChangeLog With(ContainerFacts before, ContainerFacts after, DateTimeOffset at) =>
        (before.Healthcheck, after.Healthcheck) switch
        {
            (not "unhealthy", "unhealthy") => Add(at, StateChangeKinds.Unhealthy, "healthcheck failing"),
            ("unhealthy", "healthy") => Add(at, StateChangeKinds.Healthy, "healthy again"),
            _ => this,
        };

    public IEnumerable<Change> Since(DateTimeOffset from) => Changes.Where(change => change.At >= from);

    private ChangeLog Started(DateTimeOffset at) =>
        Changes switch
        {
            // Sent again after a reconnection.
            [.., { What: StateChangeKinds.Started or StateChangeKinds.Restarted } last] when last.At == at => this,
            [.., { What: StateChangeKinds.Failed or StateChangeKinds.Finished } end] when at - end.At <= Restart => Replace(
                new Change(at, StateChangeKinds.Restarted, $"restarted after it {end.Text}")
            ),
            [.., { What: StateChangeKinds.Stopped } end] when at - end.At <= Restart => Replace(
                new Change(at, StateChangeKinds.Restarted, "restarted on request")
            ),
            _ => Add(at, StateChangeKinds.Started, "started"),
        };

    // Docker sends `restart` after `start`, so the entry just recorded as a crash was a requested restart.
    private ChangeLog Restarted(DateTimeOffset at) =>
        Changes is [.., { What: StateChangeKinds.Restarted }]
            ? Replace(new Change(at, StateChangeKinds.Restarted, "restarted on request"))
            : this;

    // Docker usually sends "stop" after the "die" that it caused. A busy engine sends them in either order.
    private ChangeLog Requested(DateTimeOffset at) =>
        Changes switch
        {
            [.., { What: StateChangeKinds.Failed or StateChangeKinds.Finished } end] => Replace(
                end with
                {
                    What = StateChangeKinds.Stopped,
                    Text = "stopped on request",
                }
            ),
            [.., var last] when at <= last.At => this, // Sent again after a reconnection.
            _ => this with { StoppedAt = at },
        };

    private ChangeLog Add(DateTimeOffset at, string what, string text) =>
        Changes is [.., var last] && last.At == at && last.What == what
            ? this
            : this with
            {
                Changes = [.. Since(at - Window).TakeLast(Capacity - 1), new Change(at, what, text)],
            };

    private ChangeLog Replace(Change change) => this with { Changes = Changes.SetItem(Changes.Length - 1, change) };
}
