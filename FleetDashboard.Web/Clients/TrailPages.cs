using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// Pages of the audit trail, one answer for all who ask the same within a few seconds. A page asked for after the end of another job is
/// another page, so that nobody waits for what has just happened.
/// </summary>
internal sealed class TrailPages(CollectorClient client, TimeProvider time)
{
    /// <summary>How often a viewer may ask anew: refusals have no job to announce them.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Life = Step - TimeSpan.FromSeconds(1);
    private const int MostPages = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<(Uri Collector, TrailQuery Query, long Endings), Entry> _entries = [];

    /// <summary>The page as of this step: asked for in the name of the first who wants it.</summary>
    public Task<CollectorAnswer<AuditPage>> FetchAsync(Uri collector, TrailQuery query, long endings, SignedInCaller caller)
    {
        var now = time.GetUtcNow();
        using var _ = _gate.EnterScope();
        if (_entries.TryGetValue((collector, query, endings), out var entry) && (!entry.Answer.IsCompleted || now - entry.At < Life))
        {
            return entry.Answer;
        }
        foreach (
            var key in _entries.Where(pair => now - pair.Value.At >= Life || _entries.Count >= MostPages).Select(pair => pair.Key).ToList()
        )
        {
            _entries.Remove(key);
        }
        // Nobody's own cancellation: who leaves must not take the answer from the others. The client has its deadline.
        var answer = client.TrailAsync(collector, query, caller);
        _entries[(collector, query, endings)] = new Entry(now, answer);
        return answer;
    }

    private sealed record Entry(DateTimeOffset At, Task<CollectorAnswer<AuditPage>> Answer);
}
