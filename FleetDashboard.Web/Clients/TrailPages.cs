using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// Pages of the audit trail. Equal requests within a few seconds share one answer. A page after the end of another job is another page, so
/// that new records appear at once.
/// </summary>
internal sealed class TrailPages(CollectorClient client, TimeProvider time)
{
    /// <summary>How often a viewer asks again. A refusal has no job that would announce it.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Life = Step - TimeSpan.FromSeconds(1);
    private const int MostPages = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<(Uri Collector, TrailQuery Query, long Endings), CachedPage> _entries = [];

    /// <summary>The page of this step. The first viewer's token asks for it.</summary>
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
        // Not cancelled with the first viewer: the answer is shared. The client has its own deadline.
        var answer = client.TrailAsync(collector, query, caller);
        _entries[(collector, query, endings)] = new CachedPage(now, answer);
        return answer;
    }

    private sealed record CachedPage(DateTimeOffset At, Task<CollectorAnswer<AuditPage>> Answer);
}
