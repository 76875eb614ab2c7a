using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Fleet;

/// <summary>One change without the container's name, which may yet change.</summary>
internal sealed record Change(DateTimeOffset At, string What, string Text);

/// <summary>What happened to one container in the last hour, in words. Immutable and bounded.</summary>
internal sealed record ChangeLog
{
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);
    public static readonly ChangeLog Empty = new();

    // The engine's slowest loop makes one change a minute; what a faster one adds would be one thick line on a chart.
    private const int Capacity = 64;

    // An end and a begin so close together are a restart to everybody but the engine.
    private static readonly TimeSpan Restart = TimeSpan.FromMinutes(2);

    public ImmutableArray<Change> Changes { get; private init; } = [];

    public ChangeLog With(EngineEvent what) =>
        what switch
        {
            { Type: not "container" } => this,
            { Action: "create" } => Add(what.At, StateChangeKinds.Created, "created"),
            { Action: "die", ExitCode: 0 or null } => Add(what.At, StateChangeKinds.Finished, "finished with 0"),
            { Action: "die", ExitCode: { } code } => Add(what.At, StateChangeKinds.Failed, $"exited with {HealthText.Exit(code)}"),
            { Action: "stop" } => Requested(),
            { Action: "start" } => Started(what.At),
            { Action: "restart" } => Restarted(what.At),
            { Action: "oom" } => Add(what.At, StateChangeKinds.OutOfMemory, "out of memory: the kernel killed a process"),
            { Action: "pause" } => Add(what.At, StateChangeKinds.Paused, "paused"),
            { Action: "unpause" } => Add(what.At, StateChangeKinds.Resumed, "resumed"),
            _ => this,
        };

    /// <summary>The engine's event does not carry the new health, so it is read off two inspections.</summary>
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
            // told again after a reconnection
            [.., { What: StateChangeKinds.Started or StateChangeKinds.Restarted } last] when last.At == at => this,
            [.., { What: StateChangeKinds.Failed or StateChangeKinds.Finished } end] when at - end.At <= Restart => Replace(
                new Change(at, StateChangeKinds.Restarted, $"restarted after it {end.Text}")
            ),
            [.., { What: StateChangeKinds.Stopped } end] when at - end.At <= Restart => Replace(
                new Change(at, StateChangeKinds.Restarted, "restarted on request")
            ),
            _ => Add(at, StateChangeKinds.Started, "started"),
        };

    // The engine tells of a requested restart after the start: what stands there as a crash was none.
    private ChangeLog Restarted(DateTimeOffset at) =>
        Changes is [.., { What: StateChangeKinds.Restarted }]
            ? Replace(new Change(at, StateChangeKinds.Restarted, "restarted on request"))
            : this;

    // "stop" follows the "die" it brought about.
    private ChangeLog Requested() =>
        Changes is [.., { What: StateChangeKinds.Failed or StateChangeKinds.Finished } end]
            ? Replace(end with { What = StateChangeKinds.Stopped, Text = "stopped on request" })
            : this;

    private ChangeLog Add(DateTimeOffset at, string what, string text) =>
        Changes is [.., var last] && last.At == at && last.What == what
            ? this
            : new() { Changes = [.. Since(at - Window).TakeLast(Capacity - 1), new Change(at, what, text)] };

    private ChangeLog Replace(Change change) => new() { Changes = Changes.SetItem(Changes.Length - 1, change) };
}
