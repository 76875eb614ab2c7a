namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>
/// Sessions that the provider ended by back-channel logout a moment ago. A provider sends the logout before it has ended its own session,
/// so a sign-in that is under way would otherwise succeed without a prompt.
/// </summary>
internal sealed class RecentProviderLogouts(TimeProvider time)
{
    private const int MaxRemembered = 10_000;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    private readonly Dictionary<(string? Subject, string? Session), DateTimeOffset> _ended = [];

    /// <summary>Stores what a logout token names: one session, or all sessions of a user.</summary>
    public void Add(string? subject, string? session)
    {
        var now = time.GetUtcNow();
        lock (_ended)
        {
            foreach (var (old, _) in _ended.Where(entry => now - entry.Value > Remembered).ToList())
            {
                _ended.Remove(old);
            }
            if (_ended.Count < MaxRemembered) // only tokens signed by the provider get here
            {
                _ended[session is null ? (subject, null) : (null, session)] = now;
            }
        }
    }

    public bool Holds(string subject, string? session)
    {
        var now = time.GetUtcNow();
        lock (_ended)
        {
            return IsRecent((subject, null)) || (session is not null && IsRecent((null, session)));
        }

        bool IsRecent((string?, string?) key) => _ended.TryGetValue(key, out var at) && now - at <= Remembered;
    }
}
