using FleetDashboard.DemoEngine.Fleet;

namespace FleetDashboard.DemoEngine.Api;

/// <summary>"Up 3 hours (healthy)": the status text of the list, in the engine's wording and rounding.</summary>
internal static class StatusText
{
    public static string Format(ContainerState state, DateTimeOffset now) =>
        state.Status switch
        {
            RunStatus.Created => "Created",
            RunStatus.Restarting => $"Restarting ({state.ExitCode}) {Human(now - state.FinishedAt)} ago",
            RunStatus.Exited => $"Exited ({state.ExitCode}) {Human(now - state.FinishedAt)} ago",
            RunStatus.Paused => $"Up {Human(now - state.StartedAt)} (Paused)",
            _ => state.Health switch
            {
                null => $"Up {Human(now - state.StartedAt)}",
                { Status: "starting" } => $"Up {Human(now - state.StartedAt)} (health: starting)",
                var health => $"Up {Human(now - state.StartedAt)} ({health.Status})",
            },
        };

    public static string Word(RunStatus status) =>
        status switch
        {
            RunStatus.Created => "created",
            RunStatus.Running => "running",
            RunStatus.Paused => "paused",
            RunStatus.Restarting => "restarting",
            _ => "exited",
        };

    private static string Human(TimeSpan? span)
    {
        var age = span ?? TimeSpan.Zero;
        var hours = (int)(age.TotalHours + 0.5);
        return age switch
        {
            { TotalSeconds: < 1 } => "Less than a second",
            { TotalSeconds: < 2 } => "1 second",
            { TotalSeconds: < 60 } => $"{(int)age.TotalSeconds} seconds",
            { TotalMinutes: < 2 } => "About a minute",
            { TotalMinutes: < 60 } => $"{(int)age.TotalMinutes} minutes",
            _ => hours switch
            {
                1 => "About an hour",
                < 48 => $"{hours} hours",
                < 24 * 7 * 2 => $"{hours / 24} days",
                < 24 * 30 * 2 => $"{hours / 24 / 7} weeks",
                < 24 * 365 * 2 => $"{hours / 24 / 30} months",
                _ => $"{hours / 24 / 365} years",
            },
        };
    }
}
