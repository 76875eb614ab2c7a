using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Fleet;

/// <summary>Everything that decides the health of one container.</summary>
/// <param name="Container">The engine's description.</param>
/// <param name="Life">Its recent deaths.</param>
/// <param name="Alarms">The alarms on its stats.</param>
/// <param name="Load">Its current stats.</param>
/// <param name="Replaced">True for a Swarm task that a newer task has replaced.</param>
internal sealed record HealthCase(ContainerFacts Container, LifeLog Life, Alarms Alarms, CurrentLoad Load, bool Replaced = false)
{
    /// <summary>The containers whose namespaces it uses.</summary>
    public ImmutableArray<Lender> Lenders { get; init; } = [];
}

/// <summary>A container whose network, processes or IPC another one uses.</summary>
/// <param name="What">What is used.</param>
/// <param name="Facts">The container; null where it is gone.</param>
internal sealed record Lender(string What, ContainerFacts? Facts);

/// <summary>The stats that health depends on.</summary>
/// <param name="CpuCores">CPU in cores.</param>
/// <param name="MemoryBytes">Memory in bytes.</param>
/// <param name="Throttled">Share of throttled periods.</param>
/// <param name="Age">How old they are; null where there are no stats yet.</param>
/// <param name="Overdue">True where they are too old.</param>
internal readonly record struct CurrentLoad(double? CpuCores, long? MemoryBytes, double? Throttled, TimeSpan? Age, bool Overdue);

/// <summary>The colour of one container, with reasons. Pure: the same case at the same time gives the same answer.</summary>
internal static class HealthRules
{
    /// <summary>This many crashes in <see cref="LifeLog.Window"/> are a restart loop, also while the container runs in between.</summary>
    private const int LoopCrashes = 3;

    /// <summary>How long a container must run before a restart loop counts as over.</summary>
    private static readonly TimeSpan LoopMemory = TimeSpan.FromMinutes(3);

    /// <summary>How long a restart is reported.</summary>
    private static readonly TimeSpan RestartMemory = TimeSpan.FromMinutes(5);

    /// <summary>The longest time for a replacement. A container that is still set aside after that was left behind.</summary>
    private static readonly TimeSpan LongestReplacement = TimeSpan.FromMinutes(15);

    /// <summary>The exit code of a program that was ended by SIGKILL, as the kernel does for memory.</summary>
    private const int Killed = 137;

    /// <summary>Exit codes of programs that were ended by SIGHUP, SIGINT, SIGQUIT, SIGKILL or SIGTERM.</summary>
    private static readonly int[] StopSignals = [129, 130, 131, Killed, 143];

    /// <summary>How far apart the kernel's kill and the end of the container may be when one caused the other.</summary>
    private static readonly TimeSpan KillToEnd = TimeSpan.FromSeconds(30);

    /// <summary>Containers that the engine starts together start within this time.</summary>
    private static readonly TimeSpan StartSlack = TimeSpan.FromSeconds(1);

    public static (HealthColor Color, ImmutableArray<HealthReason> Reasons) Judge(HealthCase what, DateTimeOffset now)
    {
        var found = Found(what, now)
            .Select(finding => new HealthReason(what.Container.Name, finding.Code, finding.Text, finding.Color))
            .ToList();
        if (found.Count == 0)
        {
            return (HealthColor.Green, []);
        }

        return (found.Max(reason => reason.Color), [.. found.OrderByDescending(reason => reason.Color)]);
    }

    /// <summary>The same for uncertain facts. A container that cannot be judged is amber and does not hide the other containers.</summary>
    public static (HealthColor Color, ImmutableArray<HealthReason> Reasons) JudgeSafely(HealthCase what, DateTimeOffset now)
    {
        try
        {
            return Judge(what, now);
        }
        catch (Exception fault)
        {
            return (
                HealthColor.Amber,
                [
                    new HealthReason(
                        what.Container.Name,
                        ReasonCodes.Unreadable,
                        $"its state could not be judged ({fault.GetType().Name})",
                        HealthColor.Amber
                    ),
                ]
            );
        }
    }

    private static IEnumerable<Finding> Found(HealthCase what, DateTimeOffset now) =>
        what.Container.State switch
        {
            _ when what.Container.Unreadable is { } why => [Unreadable(what.Container.State, why)],
            "running" => Running(what, now),
            "paused" => [new(HealthColor.Amber, ReasonCodes.Paused, "paused")],
            "restarting" => [Loop(what, now)],
            "exited" => [Ended(what, now)],
            "dead" => [new(HealthColor.Red, ReasonCodes.Dead, "dead: the engine could not remove it")],
            "created" when what.Container.Error.Length > 0 || what.Container.ExitCode != 0 => [StartFailed(what.Container)],
            "created" => [new(HealthColor.Grey, ReasonCodes.Created, "created, never started")],
            "removing" => [new(HealthColor.Grey, ReasonCodes.Created, "removing")],
            "unknown" => [new(HealthColor.Amber, ReasonCodes.UnknownState, "the engine does not say its state")],
            var state => [new(HealthColor.Amber, ReasonCodes.UnknownState, $"in a state that is not known here: {state}")],
        };

    // Only the list entry is available. Exit code and health check are missing, so the container is never green or finished.
    private static Finding Unreadable(string state, string why) =>
        new(
            state is "dead" or "restarting" ? HealthColor.Red : HealthColor.Amber,
            ReasonCodes.Unreadable,
            $"cannot be inspected, listed as {state}: {why.TrimEnd('.')}"
        );

    private static Finding Ended(HealthCase what, DateTimeOffset now)
    {
        var container = what.Container;
        var ago = container.FinishedAt is { } at ? $", {Format.RoughDuration(now - at)} ago" : "";
        var requested = what.Life.Deaths is [.., { Requested: true }];
        var oom = container.OomKilled && !EndedForMemory(what) ? "; a process in it was killed for memory before" : "";
        return container switch
        {
            _ when what.Replaced => new(HealthColor.Grey, ReasonCodes.Finished, $"replaced by a newer task{ago}"),
            _ when ReplacedName.Is(container) => now - container.FinishedAt < LongestReplacement
                ? new(HealthColor.Grey, ReasonCodes.Finished, "put aside while its successor takes its place")
                : new(
                    HealthColor.Amber,
                    ReasonCodes.Stopped,
                    $"left over from a replacement{ago}: start it under its own name, or remove it"
                ),
            { Error.Length: > 0 } => StartFailed(container), // It ran before: state and exit code are those of the previous run.
            { IsOneOff: true } => new(
                HealthColor.Grey,
                ReasonCodes.Finished,
                $"one-off run ended with {Format.ExitCode(container.ExitCode)}{ago}{oom}"
            ),
            _ when requested && container.ExitCode != 0 => new(
                HealthColor.Amber,
                ReasonCodes.Stopped,
                $"stopped on request, exit {Format.ExitCode(container.ExitCode)}{ago}{oom}"
            ),
            _ when EndedForMemory(what) => new(HealthColor.Red, ReasonCodes.OutOfMemory, OutOfMemory(container) + ago),
            // The engine would restart this container after an exit of its own. It was stopped before this process watched.
            { ShouldAlwaysRun: true } when what.Life.Deaths.IsEmpty && StopSignals.Contains(container.ExitCode) => new(
                HealthColor.Amber,
                ReasonCodes.Stopped,
                $"stopped (exit {Format.ExitCode(container.ExitCode)}){ago}, though its restart policy is {container.RestartPolicy}{oom}"
            ),
            { ExitCode: 0, ShouldAlwaysRun: true } => new(
                HealthColor.Amber,
                ReasonCodes.Stopped,
                $"stopped{ago}, though its restart policy is {container.RestartPolicy}"
            ),
            { ExitCode: 0 } => new(HealthColor.Grey, ReasonCodes.Finished, $"finished with 0{ago}"),
            _ => new(HealthColor.Red, ReasonCodes.Exited, $"exited with {Format.ExitCode(container.ExitCode)}{ago}{oom}"),
        };
    }

    // The engine keeps its OOM flag when only a child process was killed and the container went on. Only a kill at the time of the exit
    // counts.
    private static bool EndedForMemory(HealthCase what) =>
        what.Container is { OomKilled: true, ExitCode: Killed } container
        && what.Life.Deaths is not [.., { Requested: true }]
        && !(container.FinishedAt - what.Life.OutOfMemoryAt > KillToEnd);

    private static IEnumerable<Finding> Running(HealthCase what, DateTimeOffset now)
    {
        var (container, life) = (what.Container, what.Life);
        if (container.Healthcheck == "unhealthy")
        {
            yield return new(
                HealthColor.Red,
                ReasonCodes.Unhealthy,
                container.FailingStreak > 1 ? $"healthcheck failing, {container.FailingStreak} in a row" : "healthcheck failing"
            );
        }

        if (life.OutOfMemoryAt is { } killed && killed >= container.StartedAt && now - killed <= RestartMemory)
        {
            yield return new(
                HealthColor.Red,
                ReasonCodes.OutOfMemory,
                $"a process in it was {OutOfMemory(container)}, {Format.RoughDuration(now - killed)} ago"
            );
        }

        var crashes = life.Crashes(now);
        if (crashes.Length >= LoopCrashes && now - crashes[^1].At <= LoopMemory)
        {
            yield return Loop(what, now);
        }
        else if (Restarted(what, now) is { } restarted)
        {
            yield return restarted;
        }

        foreach (var finding in Struggling(what, now).Concat(what.Lenders.Select(lender => Lost(container, lender)).OfType<Finding>()))
        {
            yield return finding;
        }
    }

    // A container keeps running in a namespace whose owner is gone, but cannot reach anything from there.
    private static Finding? Lost(ContainerFacts container, Lender lender) =>
        lender.Facts switch
        {
            null => new(HealthColor.Amber, ReasonCodes.NetworkGone, $"lives in the {lender.What} of a container that is gone"),
            { State: "exited" or "created" or "dead" or "removing" } other => new(
                HealthColor.Amber,
                ReasonCodes.NetworkGone,
                $"lives in the {lender.What} of {other.Name}, which does not run ({other.State})"
            ),
            { State: "running" } other when lender.What == "network" && other.StartedAt > container.StartedAt + StartSlack => new(
                HealthColor.Amber,
                ReasonCodes.NetworkGone,
                $"lost its network when {other.Name} was restarted: restart it too"
            ),
            _ => null,
        };

    private static IEnumerable<Finding> Struggling(HealthCase what, DateTimeOffset now)
    {
        var (container, alarms, load) = (what.Container, what.Alarms, what.Load);
        var up = now - (container.StartedAt ?? now);
        if (container.Healthcheck == "starting" && up > container.HealthGrace)
        {
            yield return new(HealthColor.Amber, ReasonCodes.HealthStarting, $"healthcheck still starting after {Format.RoughDuration(up)}");
        }

        if (alarms.Memory.Raised && container.MemoryLimitBytes is { } limit && load.MemoryBytes is { } used)
        {
            yield return new(
                HealthColor.Amber,
                ReasonCodes.MemoryHigh,
                $"memory at {Format.Percent((double)used / limit)} of its limit{For(alarms.Memory)}"
            );
        }

        if (alarms.Cpu.Raised && container.CpuLimitCores is { } cores)
        {
            yield return new(
                HealthColor.Amber,
                ReasonCodes.CpuHigh,
                $"at its CPU limit of {Format.CoreLimitWithUnit(cores)}{For(alarms.Cpu)}"
            );
        }
        else if (alarms.Throttled.Raised && load.Throttled is { } share)
        {
            yield return new(
                HealthColor.Amber,
                ReasonCodes.CpuThrottled,
                $"throttled in {Format.Percent(share)} of its CPU periods{For(alarms.Throttled)}"
            );
        }

        if (load.Overdue)
        {
            yield return new(
                HealthColor.Amber,
                ReasonCodes.FiguresOverdue,
                load.Age is { } age ? $"no stats for {Format.RoughDuration(age)}" : "no stats yet"
            );
        }

        string For(Alarm alarm) =>
            alarm.Since is { } since && now - since >= TimeSpan.FromMinutes(1) ? $" for {Format.RoughDuration(now - since)}" : "";
    }

    private static Finding Loop(HealthCase what, DateTimeOffset now)
    {
        var crashes = what.Life.Crashes(now);
        var code = what.Container.State == "restarting" || crashes.IsEmpty ? what.Container.ExitCode : crashes[^1].ExitCode;
        var times =
            crashes.Length > 1 ? $", {crashes.Length} times in {Format.RoughDuration(now - crashes[0].At)}"
            : what.Container.RestartCount > 1 ? $", {what.Container.RestartCount} times"
            : "";
        return what.Container.OomKilled && code == Killed
            ? new(HealthColor.Red, ReasonCodes.OutOfMemory, $"restarting: {OutOfMemory(what.Container)}{times}")
            : new(HealthColor.Red, ReasonCodes.RestartLoop, $"restarting: exit {Format.ExitCode(code)}{times}");
    }

    private static Finding? Restarted(HealthCase what, DateTimeOffset now)
    {
        var container = what.Container;
        if (
            container.StartedAt is not { } started
            || now - started > RestartMemory
            || (container.RestartCount == 0 && what.Life.Deaths.IsEmpty)
        )
        {
            return null;
        }

        var death = what.Life.Deaths.LastOrDefault();
        var why =
            death is null ? ""
            : death.Requested ? " on request"
            : $" after exit {Format.ExitCode(death.ExitCode)}";
        return new(HealthColor.Amber, ReasonCodes.Restarted, $"restarted {Format.RoughDuration(now - started)} ago{why}");
    }

    private static Finding StartFailed(ContainerFacts container)
    {
        const int longest = 160;
        var error = container.Error.Trim().TrimEnd('.');

        // The runtime's own message comes last in a chain of callers, and ends in a code without meaning.
        var own = error.LastIndexOf("exec: ", StringComparison.Ordinal) is >= 0 and var at ? error[(at + "exec: ".Length)..] : error;
        own = own.EndsWith(": unknown", StringComparison.Ordinal) ? own[..^": unknown".Length] : own;
        var known =
            error.Contains("port is already allocated", StringComparison.Ordinal) ? "its port is already taken"
            : own.Length > longest ? "…" + own[^longest..]
            : own.Length > 0 ? own
            : $"exit {Format.ExitCode(container.ExitCode)}";
        return new(HealthColor.Red, ReasonCodes.StartFailed, $"cannot start: {known}");
    }

    private static string OutOfMemory(ContainerFacts container) =>
        container.MemoryLimitBytes is { } limit ? $"killed for memory at its {Format.Bytes(limit)} limit" : "killed for memory";

    private readonly record struct Finding(HealthColor Color, string Code, string Text);
}
