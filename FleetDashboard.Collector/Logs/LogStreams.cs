using System.Diagnostics.Metrics;
using FleetDashboard.ServiceDefaults.Async;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Logs;

/// <summary>Who reads logs now. Admits no more than the options say, and counts.</summary>
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
        meter.CreateObservableGauge("fleet.log.streams", () => Open, "{stream}", "Readers of logs.");
        _lines = meter.CreateCounter<long>("fleet.log.lines", "{line}", "Lines of logs sent to their readers.");
        _bytes = meter.CreateCounter<long>("fleet.log.bytes", "By", "Bytes sent to the readers of logs.");
    }

    public int Open => Volatile.Read(ref _open);

    /// <summary>Lets one more in, until what it returns is disposed; else null, and why not.</summary>
    public IDisposable? TryEnter(string user, out string refusal)
    {
        using var _ = _gate.EnterScope();
        var own = _users.GetValueOrDefault(user);
        refusal =
            own >= _options.MaxStreamsPerUser
                ? $"You are reading {own} logs, the most for one user (Logs:MaxStreamsPerUser). Close one of them."
            : _open >= _options.MaxStreams
                ? $"{_open} logs are being read, the most for all users together (Logs:MaxStreams). Try again when somebody has closed one."
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
