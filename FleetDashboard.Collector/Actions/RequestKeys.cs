namespace FleetDashboard.Collector.Actions;

/// <summary>The idempotency keys of the last day, and the request of each. Not thread-safe.</summary>
internal sealed class RequestKeys(TimeProvider time)
{
    private const int Most = 10_000;
    private const int MaxLength = 128;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private readonly Dictionary<(string Subject, string Key), (string Action, RequestTarget Target, string Job, DateTimeOffset At)> _used =
    [];
    private readonly Queue<(string Subject, string Key)> _order = new();

    public static bool IsValid(string key) => key.Length is > 0 and <= MaxLength && key.All(c => c is > ' ' and <= '~');

    /// <summary>The job of this key, and whether it was for the same request; null where the key is new.</summary>
    public (string Job, bool IsSame)? Find(SubmittedAction request) =>
        request.Key is { } key && _used.TryGetValue((request.Caller.Subject, key), out var used) && used.At > time.GetUtcNow() - Kept
            ? (used.Job, (used.Action, used.Target) == (request.Action, request.Target))
            : null;

    public void Remember(SubmittedAction request, string job)
    {
        if (request.Key is not { } key)
        {
            return;
        }

        var id = (request.Caller.Subject, key);
        if (!_used.ContainsKey(id))
        {
            _order.Enqueue(id);
        }

        _used[id] = (request.Action, request.Target, job, time.GetUtcNow());
        while (_order.Count > Most)
        {
            _used.Remove(_order.Dequeue());
        }
    }
}
