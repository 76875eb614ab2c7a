namespace FleetDashboard.Collector.Actions;

/// <summary>How often each user may ask: a bucket that refills. Those who have been quiet are forgotten, so that it stays small.</summary>
internal sealed class AttemptLimits(int perMinute, TimeProvider time)
{
    private const int MostUsers = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (double Left, DateTimeOffset At)> _buckets = [];

    /// <summary>Takes one attempt. Null when it was there, else how long it takes until there is one again.</summary>
    public TimeSpan? Acquire(string user)
    {
        using var _ = _gate.EnterScope();
        var now = time.GetUtcNow();
        if (_buckets.Count >= MostUsers)
        {
            foreach (var quiet in _buckets.Where(bucket => Left(bucket.Value, now) >= perMinute).Select(bucket => bucket.Key).ToList())
            {
                _buckets.Remove(quiet);
            }
        }

        var left =
            _buckets.TryGetValue(user, out var bucket) ? Left(bucket, now)
            : _buckets.Count < MostUsers ? perMinute
            : 0;
        if (left < 1)
        {
            return TimeSpan.FromMinutes((1 - left) / perMinute);
        }

        _buckets[user] = (left - 1, now);
        return null;
    }

    private double Left((double Left, DateTimeOffset At) bucket, DateTimeOffset now) =>
        Math.Min(perMinute, bucket.Left + ((now - bucket.At).TotalMinutes * perMinute));
}
