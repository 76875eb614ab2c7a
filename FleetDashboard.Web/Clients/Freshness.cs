using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// Whether a Collector still sends new snapshots in time. Its own report is not enough: a Collector whose snapshot writer hangs keeps
/// sending that nothing is stale. Uses this process's monotonic clock, so that a wrong clock cannot make a fresh snapshot look old. Not
/// thread-safe: the feed's lock guards it.
/// </summary>
internal sealed class Freshness(TimeProvider time)
{
    private DateTimeOffset? _takenAt;
    private (long Timestamp, DateTimeOffset At)? _news;
    private TimeSpan _limit;

    /// <summary>Fires when the next snapshot is overdue.</summary>
    public ITimer? Alarm { get; set; }

    /// <summary>When the last new snapshot came, where that is too long ago; null where it is not.</summary>
    public DateTimeOffset? OverdueSince => _news is { } news && time.GetElapsedTime(news.Timestamp) >= _limit ? news.At : null;

    /// <summary>
    /// A snapshot was received. It counts as new where the engine has sent something since the one before. A higher sequence is not enough.
    /// </summary>
    public void Update(FleetSnapshot snapshot)
    {
        _limit = TimeSpan.FromSeconds(snapshot.OverdueAfterSeconds);
        if (_takenAt != snapshot.TakenAt)
        {
            (_takenAt, _news) = (snapshot.TakenAt, (time.GetTimestamp(), time.GetUtcNow()));
        }
        var rest = _limit - time.GetElapsedTime(_news!.Value.Timestamp);
        Alarm?.Change(rest > TimeSpan.Zero ? rest : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
