namespace FleetDashboard.DemoEngine.Logs;

internal readonly record struct LogLine(DateTimeOffset At, bool IsError, string Text);
