using Docker.DotNet.Models;
using FleetDashboard.Contracts;

namespace FleetDashboard.Tests.Support.Lab;

/// <summary>The states of a container: what causes each, how the engine shows it, and how it should be judged.</summary>
internal static class LabStates
{
    public static LabContainer Healthy(this LabContainer container) =>
        container with
        {
            Healthcheck = Probe("true", TimeSpan.FromSeconds(5)),
            Reached = inspect => inspect.State is { Status: "running", Health.Status: "healthy" },
        };

    public static LabContainer Unhealthy(this LabContainer container) =>
        container with
        {
            Healthcheck = Probe("echo no answer on :8080; exit 1", TimeSpan.FromSeconds(2)),
            Reached = inspect => inspect.State is { Status: "running", Health.Status: "unhealthy" },
            Color = HealthColor.Red,
            Reasons = [ReasonCodes.Unhealthy],
        };

    /// <summary>Its start period of one second is over, and with its many retries it neither fails nor passes.</summary>
    public static LabContainer StartingForever(this LabContainer container) =>
        container with
        {
            Healthcheck = Probe("exit 1", TimeSpan.FromSeconds(10), retries: 1_000_000),
            Reached = inspect => inspect.State is { Status: "running", Health.Status: "starting" },
            Color = HealthColor.Amber,
            Reasons = [ReasonCodes.HealthStarting],
        };

    public static LabContainer CrashLoop(this LabContainer container) =>
        container with
        {
            Command = ["sh", "-c", "echo cannot reach the queue >&2; exit 3"],
            Restart = RestartPolicyKind.Always,
            Reached = inspect => inspect is { RestartCount: >= 4, State: { Status: "restarting", ExitCode: 3 } },
            Color = HealthColor.Red,
            Reasons = [ReasonCodes.RestartLoop],
        };

    /// <summary>Failed once, was restarted by the engine, and has been running since.</summary>
    public static LabContainer RestartedOnce(this LabContainer container) =>
        container with
        {
            Command = ["sh", "-c", "[ -e /tmp/been ] && exec sleep 86400; touch /tmp/been; exit 1"],
            Restart = RestartPolicyKind.UnlessStopped,
            Reached = inspect => inspect is { RestartCount: 1, State.Status: "running" },
            Color = HealthColor.Amber,
            Reasons = [ReasonCodes.Restarted],
        };

    public static LabContainer Exited(this LabContainer container, int code) =>
        container with
        {
            Command = ["sh", "-c", $"echo giving up >&2; exit {code}"],
            Reached = inspect => inspect.State is { Status: "exited" } state && state.ExitCode == code,
            Color = HealthColor.Red,
            Reasons = [ReasonCodes.Exited],
        };

    public static LabContainer KilledForMemory(this LabContainer container) =>
        container with
        {
            // If it is killed within its first milliseconds on a busy machine, containerd may miss the kernel's notification. The engine
            // then reports 137 without OOMKilled. It can also happen later, so it is started until the engine reports it.
            Command = ["sh", "-c", "sleep 1; exec tail /dev/zero"],
            MemoryBytes = 16 << 20,
            Missed = inspect => inspect.State is { Status: "exited", OOMKilled: false },
            Reached = inspect => inspect.State is { Status: "exited", OOMKilled: true, ExitCode: 137 },
            Color = HealthColor.Red,
            Reasons = [ReasonCodes.OutOfMemory],
        };

    public static LabContainer KilledForMemoryAgainAndAgain(this LabContainer container) =>
        container.KilledForMemory() with
        {
            Restart = RestartPolicyKind.Always,
            Reached = inspect => inspect is { RestartCount: >= 4, State: { Status: "restarting", OOMKilled: true } },
            Reasons = [ReasonCodes.OutOfMemory],
        };

    public static LabContainer Paused(this LabContainer container) =>
        container with
        {
            Act = LabAct.Pause,
            Reached = inspect => inspect.State is { Status: "paused", Paused: true, Running: true },
            Color = HealthColor.Amber,
            Reasons = [ReasonCodes.Paused],
        };

    public static LabContainer AtItsCpuLimit(this LabContainer container) =>
        container with
        {
            Command = ["sh", "-c", "while :; do :; done"],
            CpuCores = 0.1,
            Color = HealthColor.Amber,
            Reasons = [ReasonCodes.CpuHigh],
        };

    /// <summary>30200 of 32768 KiB are in a tmpfs, which the kernel cannot reclaim: 93 % including the process itself.</summary>
    public static LabContainer NearItsMemoryLimit(this LabContainer container) =>
        container with
        {
            Command = ["sh", "-c", "dd if=/dev/zero of=/dev/shm/cache bs=1024 count=30200 2>/dev/null; exec sleep 86400"],
            MemoryBytes = 32 << 20,
            Color = HealthColor.Amber,
            Reasons = [ReasonCodes.MemoryHigh],
        };

    public static LabContainer OnlyCreated(this LabContainer container) =>
        container with
        {
            Act = LabAct.None,
            Reached = inspect => inspect.State is { Status: "created", ExitCode: 0, Error: "" },
            Color = HealthColor.Grey,
            Reasons = [ReasonCodes.Created],
        };

    public static LabContainer Finished(this LabContainer container) =>
        container with
        {
            Command = ["sh", "-c", "echo 12 migrations applied"],
            Reached = inspect => inspect.State is { Status: "exited", ExitCode: 0 },
            Color = HealthColor.Grey,
            Reasons = [ReasonCodes.Finished],
        };

    /// <summary>Exited with code 0 after SIGTERM. Its restart policy says that it should be running, so it was stopped by hand.</summary>
    public static LabContainer StoppedByHand(this LabContainer container) =>
        container with
        {
            // Before the trap is set, process 1 ignores SIGTERM and would be killed with 137.
            Command = ["sh", "-c", "trap 'exit 0' TERM; touch /tmp/ready; while :; do sleep 0.2; done"],
            Restart = RestartPolicyKind.UnlessStopped,
            Act = LabAct.Stop,
            Reached = inspect => inspect.State is { Status: "exited", ExitCode: 0 },
            Color = HealthColor.Amber,
            Reasons = [ReasonCodes.Stopped],
        };

    /// <summary>Its port is taken by another container, so the engine could not start it.</summary>
    public static LabContainer PortTaken(this LabContainer container, string by) =>
        container with
        {
            After = by,
            Act = LabAct.FailToStart,
            Reached = inspect => inspect.State is { Status: "created", ExitCode: not 0, Error.Length: > 0 },
            Color = HealthColor.Red,
            Reasons = [ReasonCodes.StartFailed],
        };

    private static HealthcheckConfig Probe(string command, TimeSpan interval, long retries = 2) =>
        new()
        {
            Test = ["CMD-SHELL", command],
            Interval = interval,
            Timeout = TimeSpan.FromSeconds(30),
            StartPeriod = TimeSpan.FromSeconds(1),
            Retries = retries,
        };
}
