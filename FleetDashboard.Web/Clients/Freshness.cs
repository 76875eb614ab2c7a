using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// Whether a Collector's news keeps the pace that it states. What a Collector says of itself is not enough: one whose writer hangs goes on
/// saying that nothing is
/// stale. Measured on this process's monotonic clock, so that no wrong clock makes a fresh snapshot look old. Not thread-safe: the feed's
/// lock guards it.
/// </summary>
internal sealed class Freshness(TimeProvider time)
{
    /// <summary>So many intervals without news are too many.</summary>
    public const int Intervals = 3;

    private DateTimeOffset? _takenAt;
    private (long Timestamp, DateTimeOffset At)? _news;
    private TimeSpan _limit;

    /// <summary>Rings when the next news is overdue.</summary>
    public ITimer? Alarm { get; set; }

    /// <summary>When the last news came, where that is too long ago; null where it is not.</summary>
    public DateTimeOffset? OverdueSince => _news is { } news && time.GetElapsedTime(news.Timestamp) >= _limit ? news.At : null;

    /// <summary>
    /// A snapshot came. It is news where the engine has said something since the one before: a growing sequence alone is none.
    /// </summary>
    public void Update(FleetSnapshot snapshot)
    {
        _limit = TimeSpan.FromSeconds(snapshot.IntervalSeconds * Intervals);
        if (_takenAt != snapshot.TakenAt)
        {
            (_takenAt, _news) = (snapshot.TakenAt, (time.GetTimestamp(), time.GetUtcNow()));
        }
        var rest = _limit - time.GetElapsedTime(_news!.Value.Timestamp);
        Alarm?.Change(rest > TimeSpan.Zero ? rest : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
