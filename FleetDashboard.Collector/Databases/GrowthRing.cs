namespace FleetDashboard.Collector.Databases;

/// <summary>What one database measured in each of the last hours, at fixed cost, to tell its growth over a day.</summary>
internal sealed class GrowthRing
{
    /// <summary>One more than a day touches, and one that is being written.</summary>
    private const int Hours = 26;

    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    // Of each hour the first measurement; -1 hours for none.
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

    /// <summary>The change since a day before <paramref name="at"/>; null until it has been watched for so long.</summary>
    public long? Growth(DateTimeOffset at, long bytes)
    {
        (DateTimeOffset At, long Bytes)? before = null;
        foreach (var (hour, then, size) in _samples)
        {
            // The youngest of those that are a day old, and not much older: after a pause of days there is nothing to compare with.
            if (hour >= 0 && at - then >= Day && at - then < TimeSpan.FromHours(Hours) && (before is null || then > before.Value.At))
            {
                before = (then, size);
            }
        }

        return bytes - before?.Bytes;
    }
}
