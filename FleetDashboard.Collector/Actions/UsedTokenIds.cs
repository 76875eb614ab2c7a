using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>
/// The tokens that have acted: each may do so once. They are remembered until they expire, which is soon. One from before this process
/// began may have been spent on the one before it.
/// </summary>
internal sealed class UsedTokenIds(TimeProvider time)
{
    private const int Most = 100_000;

    /// <summary>How long a token is accepted after it expired, by a clock that is late.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(CollectorToken.ClockSkewSeconds);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _spent = [];

    // A token tells whole seconds.
    private readonly DateTimeOffset _began = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());

    /// <summary>Null when the token may act, and has thereby done so; else why not.</summary>
    public string? Spend(string? id, DateTimeOffset issued, DateTimeOffset until)
    {
        if (string.IsNullOrEmpty(id) || id.Length > 128)
        {
            return "The token has no jti (1 to 128 characters), which one that acts must have.";
        }

        if (issued < _began)
        {
            return "The token is older than this run of the Collector, which cannot know whether it was used before: send a new one.";
        }

        using var _ = _gate.EnterScope();
        if (_spent.Count >= Most)
        {
            var now = time.GetUtcNow();
            foreach (var over in _spent.Where(token => token.Value < now).Select(token => token.Key).ToList())
            {
                _spent.Remove(over);
            }
        }

        if (_spent.Count >= Most)
        {
            return "Too many tokens have acted within the last minute: send a new one in a minute.";
        }

        return _spent.TryAdd(id, until + ClockSkew) ? null : "This token has acted before, and each may do so once: send a new one.";
    }
}
