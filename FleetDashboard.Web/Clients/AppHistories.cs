using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// The last hour of each app that a viewer has open. All viewers of an app share one answer for one step of its history, so the load on a
/// Collector grows with the open apps and not with the viewers.
/// </summary>
internal sealed class AppHistories(CollectorClient client, TimeProvider time)
{
    /// <summary>How often a viewer asks again: the history's own step.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    // A little less than a step, so that a viewer who asks every step gets a new answer each time.
    private static readonly TimeSpan Life = Step - TimeSpan.FromSeconds(1);
    private const int MostApps = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<(Uri Collector, string App), CachedHistory> _entries = [];

    /// <summary>The answer of this step. The first viewer's token asks for it; all viewers share it.</summary>
    public Task<CollectorAnswer<AppDetail>> OfAsync(Uri collector, string app, SignedInCaller caller)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (_entries.TryGetValue((collector, app), out var entry) && (!entry.Answer.IsCompleted || now - entry.At < Life))
            {
                return entry.Answer;
            }
            Sweep(now);
            // Not cancelled with the first viewer: the answer is shared. The client has its own deadline.
            var answer = client.AppAsync(collector, app, caller);
            _entries[(collector, app)] = new CachedHistory(now, answer);
            return answer;
        }
    }

    private void Sweep(DateTimeOffset now)
    {
        foreach (
            var app in _entries.Where(pair => now - pair.Value.At >= Life || _entries.Count >= MostApps).Select(pair => pair.Key).ToList()
        )
        {
            _entries.Remove(app);
        }
    }

    private sealed record CachedHistory(DateTimeOffset At, Task<CollectorAnswer<AppDetail>> Answer);
}
