using System.Diagnostics.Metrics;
using FleetDashboard.ServiceDefaults.Async;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Logs;

/// <summary>Counts the open log streams and enforces their limits.</summary>
internal sealed class LogStreams
{
    public const string MeterName = "FleetDashboard.Collector.Logs";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _users = [];
    private readonly LogOptions _options;
    private readonly Counter<long> _lines;
    private readonly Counter<long> _bytes;
    private int _open;

    public LogStreams(IOptions<LogOptions> options, IMeterFactory meters)
    {
        _options = options.Value;
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("fleet.log.streams", () => Open, "{stream}", "Open log streams.");
        _lines = meter.CreateCounter<long>("fleet.log.lines", "{line}", "Log lines sent to callers.");
        _bytes = meter.CreateCounter<long>("fleet.log.bytes", "By", "Bytes of logs sent to callers.");
    }

    public int Open => Volatile.Read(ref _open);

    /// <summary>Admits one more stream until the result is disposed. Null if a limit is reached, and why.</summary>
    public IDisposable? TryEnter(string user, out string refusal)
    {
        using var _ = _gate.EnterScope();
        var own = _users.GetValueOrDefault(user);
        refusal =
            own >= _options.MaxStreamsPerUser
                ? $"You have {own} open logs, the limit for one user (Logs:MaxStreamsPerUser). Close one of them."
            : _open >= _options.MaxStreams ? $"{_open} logs are open, the limit for all users together (Logs:MaxStreams). Try again later."
            : "";
        if (refusal.Length > 0)
        {
            return null;
        }

        _users[user] = own + 1;
        _open++;
        return new OnDispose(() => Leave(user));
    }

    public void Sent(int lines, int bytes)
    {
        _lines.Add(lines);
        _bytes.Add(bytes);
    }

    private void Leave(string user)
    {
        using var _ = _gate.EnterScope();
        _open--;
        if (--_users[user] == 0)
        {
            _users.Remove(user);
        }
    }
}
