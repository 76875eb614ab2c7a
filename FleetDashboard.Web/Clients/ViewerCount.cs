namespace FleetDashboard.Web.Clients;

/// <summary>
/// Whether anybody looks at a page. Collectors are told: while nobody does they read figures less often. A viewer who leaves is waited for,
/// so that a page that
/// is loaded again does not slow them down. Safe to use from anywhere.
/// </summary>
internal sealed class ViewerCount : IDisposable
{
    private static readonly TimeSpan Lingering = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private CancellationTokenSource _turn = new();
    private bool _isThere = true; // Whoever starts the program is about to look.
    private int _viewers;

    public ViewerCount(TimeProvider time) =>
        _timer = time.CreateTimer(static state => ((ViewerCount)state!).Settle(), this, Lingering, Timeout.InfiniteTimeSpan);

    /// <summary>Whether somebody is there, and a token that ends when that is no longer so.</summary>
    public (bool IsThere, CancellationToken Turned) Now
    {
        get
        {
            using var _ = _gate.EnterScope();
            return (_isThere, _turn.Token);
        }
    }

    /// <summary>Somebody looks until what is returned is disposed of.</summary>
    public IDisposable Enter()
    {
        using (_gate.EnterScope())
        {
            _viewers++;
        }
        Settle();
        return new Visit(this);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _turn.Dispose();
    }

    private void Leave()
    {
        using var _ = _gate.EnterScope();
        if (--_viewers == 0)
        {
            _timer.Change(Lingering, Timeout.InfiniteTimeSpan);
        }
    }

    private void Settle()
    {
        CancellationTokenSource turned;
        using (_gate.EnterScope())
        {
            if (_isThere == _viewers > 0)
            {
                return;
            }
            (_isThere, turned, _turn) = (_viewers > 0, _turn, new CancellationTokenSource());
        }
        // Outside the gate: whoever hears it asks for what is so now.
        turned.Cancel();
        turned.Dispose();
    }

    private sealed class Visit(ViewerCount audience) : IDisposable
    {
        private int _over;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _over, 1) == 0)
            {
                audience.Leave();
            }
        }
    }
}
