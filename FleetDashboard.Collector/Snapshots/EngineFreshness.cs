using FleetDashboard.Collector.Sampling;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>
/// Whether the inventory is current: when the engine last answered, and since when it has been lost or silent. Owned by
/// <see cref="SnapshotWriter"/>.
/// </summary>
internal sealed class EngineFreshness(SamplingOptions sampling, TimeProvider time)
{
    private readonly OverduePolicy _overdue = new(sampling.Interval, OneShotReader.Deadline(sampling));
    private long? _receivedAt;
    private bool _silent;

    /// <summary>When the engine last answered (UTC).</summary>
    public DateTimeOffset TakenAt { get; private set; } = time.GetUtcNow();

    /// <summary>Since when the engine has been lost, and why; null while it answers.</summary>
    public (DateTimeOffset Since, string Reason)? Lost { get; private set; }

    /// <summary>Time until the next sample.</summary>
    public TimeSpan Pace => _overdue.Pace;

    /// <summary>The age at which stats are overdue.</summary>
    public TimeSpan OverdueAfter => _overdue.At(TakenAt);

    /// <summary>The engine answered.</summary>
    public void Receive(DateTimeOffset at) => (TakenAt, _receivedAt) = (at, time.GetTimestamp());

    /// <summary>A sample was received, and announced when the next one is due.</summary>
    public void SetPace(TimeSpan pace, DateTimeOffset at) => _overdue.SetPace(pace, at);

    /// <summary>The session with the engine ended.</summary>
    public void Lose(string reason) => Lost = (Lost?.Since ?? TakenAt, reason);

    /// <summary>
    /// Decides whether the inventory is current now. A session may hang without an error, so an engine that has sent nothing for three
    /// intervals counts as lost.
    /// </summary>
    public bool Check(bool isComplete)
    {
        if (Lost is null && _receivedAt is { } last && time.GetElapsedTime(last) is var silence && silence > OverdueAfter)
        {
            Lost = (TakenAt, $"The engine has sent nothing for {(int)silence.TotalSeconds} s.");
            _silent = true;
        }
        else if (_silent && _receivedAt is { } again && time.GetElapsedTime(again) <= OverdueAfter)
        {
            _silent = false;
        }

        var isCurrent = isComplete && !_silent;
        Lost = isCurrent ? null : Lost;
        return isCurrent;
    }
}
