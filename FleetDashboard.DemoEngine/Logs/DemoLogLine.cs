namespace FleetDashboard.DemoEngine.Logs;

internal readonly record struct DemoLogLine(DateTimeOffset At, bool IsError, string Text);
