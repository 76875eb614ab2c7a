namespace FleetDashboard.Collector.Databases;

/// <summary>The size of one database in each of the last hours, in fixed memory, to compute its growth over a day.</summary>
internal sealed class GrowthRing
{
    /// <summary>A day touches 25 hours, and one more is being written.</summary>
    private const int Hours = 26;

    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    // The first measurement of each hour; hour -1 for none.
    private readonly (long Hour, DateTimeOffset At, long Bytes)[] _samples = new (long, DateTimeOffset, long)[Hours];

    public GrowthRing() => Array.Fill(_samples, (-1, default, 0));

    public void Add(DateTimeOffset at, long bytes)
    {
        var hour = at.UtcTicks / TimeSpan.TicksPerHour;
        ref var sample = ref _samples[hour % Hours];
        if (sample.Hour != hour)
        {
            sample = (hour, at, bytes);
        }
    }

    /// <summary>The change since a day before <paramref name="at"/>; null before it was measured for a day.</summary>
    public long? Growth(DateTimeOffset at, long bytes)
    {
        (DateTimeOffset At, long Bytes)? before = null;
        foreach (var (hour, then, size) in _samples)
        {
            // The newest measurement that is a day old. A much older one does not count: after a pause of days there is no growth of a day.
            if (hour >= 0 && at - then >= Day && at - then < TimeSpan.FromHours(Hours) && (before is null || then > before.Value.At))
            {
                before = (then, size);
            }
        }

        return bytes - before?.Bytes;
    }
}
