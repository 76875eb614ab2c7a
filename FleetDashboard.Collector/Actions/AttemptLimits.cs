namespace FleetDashboard.Collector.Actions;

/// <summary>Rate limit for each user: a token bucket. Full buckets are dropped, so the table stays small.</summary>
internal sealed class AttemptLimits(int perMinute, TimeProvider time)
{
    private const int MostUsers = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (double Left, DateTimeOffset At)> _buckets = [];

    /// <summary>Counts one request. Null where it is within the limit, else how long the user must wait.</summary>
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
