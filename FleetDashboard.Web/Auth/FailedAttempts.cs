namespace FleetDashboard.Web.Auth;

/// <summary>
/// Slows down password guessing without locking an account. After a few wrong passwords for one account from one place, that place must
/// wait, longer each time. Many wrong passwords from unknown places together make all unknown places wait, at most a minute. A place is a
/// network, or a browser that has signed in before. Failures elsewhere never make such a browser wait.
/// </summary>
internal sealed class FailedAttempts(TimeProvider time)
{
    /// <summary>Wrong passwords for one account from one place before that place must wait.</summary>
    public const int FreeFromOnePlace = 5;

    /// <summary>Wrong passwords for one account from all unknown places together before they must wait.</summary>
    public const int FreeFromUnknownPlaces = 50;

    private const int MaxRemembered = 20_000;
    private const string UnknownPlaces = "unknown places";

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestSharedWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Account, string Place), Failures> _failures = [];

    /// <summary>
    /// False while this place must wait. True counts the attempt as failed until <see cref="Succeeded"/> is called, so that parallel
    /// attempts cannot all pass before the first one is counted.
    /// </summary>
    public bool TryBegin(string account, AttemptPlace place)
    {
        using var _ = _gate.EnterScope();
        var now = time.GetUtcNow();
        var (own, all) = ((account, place.Key), (account, UnknownPlaces));
        if (
            Wait(own, FreeFromOnePlace, LongestWait) > Since(own, now)
            || (!place.IsKnown && Wait(all, FreeFromUnknownPlaces, LongestSharedWait) > Since(all, now))
        )
        {
            return false;
        }
        MakeRoom(now);
        Count(own, now);
        if (!place.IsKnown)
        {
            Count(all, now);
        }
        return true;
    }

    /// <summary>The password was right: clears this place's failures and takes the attempt back from the shared count.</summary>
    public void Succeeded(string account, AttemptPlace place)
    {
        using var _ = _gate.EnterScope();
        _failures.Remove((account, place.Key));
        if (!place.IsKnown && _failures.TryGetValue((account, UnknownPlaces), out var all))
        {
            _failures[(account, UnknownPlaces)] = all with { Number = Math.Max(0, all.Number - 1) };
        }
    }

    private TimeSpan Since((string, string) key, DateTimeOffset now) =>
        _failures.TryGetValue(key, out var failures) ? now - failures.Last : TimeSpan.MaxValue;

    // The wait doubles with each failure beyond the free ones.
    private TimeSpan Wait((string, string) key, int free, TimeSpan longest) =>
        _failures.TryGetValue(key, out var failures) && failures.Number >= free
            ? TimeSpan.FromTicks(Math.Min(longest.Ticks, FirstWait.Ticks << Math.Min(failures.Number - free, 20)))
            : TimeSpan.Zero;

    private void Count((string, string) key, DateTimeOffset now)
    {
        var number = _failures.TryGetValue(key, out var failures) && now - failures.Last < Remembered ? failures.Number : 0;
        _failures[key] = new Failures(number + 1, now);
    }

    private void MakeRoom(DateTimeOffset now)
    {
        if (_failures.Count < MaxRemembered)
        {
            return;
        }
        foreach (var (key, _) in _failures.Where(entry => now - entry.Value.Last >= Remembered).ToList())
        {
            _failures.Remove(key);
        }
        // Drop the oldest half. Dropped failures still count in the shared number of all unknown places.
        foreach (
            var (key, _) in _failures
                .Where(entry => entry.Key.Place != UnknownPlaces)
                .OrderBy(entry => entry.Value.Last)
                .Take(_failures.Count >= MaxRemembered ? MaxRemembered / 2 : 0)
                .ToList()
        )
        {
            _failures.Remove(key);
        }
    }

    private readonly record struct Failures(int Number, DateTimeOffset Last);
}

/// <summary>Where an attempt comes from.</summary>
/// <param name="Key">The network, the browser or the session.</param>
/// <param name="IsKnown">True for a browser that has signed in to this account before.</param>
internal readonly record struct AttemptPlace(string Key, bool IsKnown)
{
    public static AttemptPlace Network(System.Net.IPAddress? address) => new($"network {ClientNetwork.From(address)}", false);

    public static AttemptPlace Browser(string id) => new($"browser {id}", true);

    public static AttemptPlace Session(string key) => new($"session {key}", true);
}
