namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>
/// Whose sessions the provider has just ended by back-channel. A sign-in that was under way at that moment would bring them back without a
/// question:
/// the provider tells of the end before it is through with it itself.
/// </summary>
internal sealed class EndedAtProvider(TimeProvider time)
{
    private const int MaxRemembered = 10_000;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    private readonly Dictionary<(string? Subject, string? Session), DateTimeOffset> _ended = [];

    /// <summary>Notes a logout token's words: one session, or all of a user.</summary>
    public void Add(string? subject, string? session)
    {
        var now = time.GetUtcNow();
        lock (_ended)
        {
            foreach (var (old, _) in _ended.Where(entry => now - entry.Value > Remembered).ToList())
            {
                _ended.Remove(old);
            }
            if (_ended.Count < MaxRemembered) // only what the provider has signed gets here
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
