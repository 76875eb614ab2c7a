using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>
/// The ids of acting tokens that were used. Each token acts once. Ids are kept until their token expires, at most 70 s. A token issued
/// before this process started is rejected, because the previous process may have accepted it.
/// </summary>
internal sealed class UsedTokenIds(TimeProvider time)
{
    private const int Most = 100_000;

    /// <summary>How long a token is accepted after its expiry, because clocks differ.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(CollectorToken.ClockSkewSeconds);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _spent = [];

    // Times in a token have whole seconds.
    private readonly DateTimeOffset _began = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());

    /// <summary>Records the token as used. Null where it may act, else the reason why not.</summary>
    public string? Spend(string? id, DateTimeOffset issued, DateTimeOffset until)
    {
        if (string.IsNullOrEmpty(id) || id.Length > 128)
        {
            return "The token has no jti. A token that acts needs one of 1 to 128 characters.";
        }

        if (issued < _began)
        {
            return "The token was issued before this Collector started, so it may have been used already. Send a new one.";
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
            return "Too many tokens were used within the last minute. Send a new one in a minute.";
        }

        return _spent.TryAdd(id, until + ClockSkew) ? null : "This token was already used. Send a new one.";
    }
}
