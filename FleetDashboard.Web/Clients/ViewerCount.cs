using FleetDashboard.ServiceDefaults.Async;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// Whether a viewer has a page open. Collectors are informed, and read stats less often while there is no viewer. The state changes a
/// minute after the last viewer left, so that reloading a page does not slow the Collectors down. Thread-safe.
/// </summary>
internal sealed class ViewerCount : IDisposable
{
    private static readonly TimeSpan Lingering = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private CancellationTokenSource _turn = new();
    private bool _isThere = true; // A user who starts the program will open a page soon.
    private int _viewers;

    public ViewerCount(TimeProvider time) =>
        _timer = time.CreateTimer(static state => ((ViewerCount)state!).Settle(), this, Lingering, Timeout.InfiniteTimeSpan);

    /// <summary>Whether a viewer is present, and a token that is cancelled when that changes.</summary>
    public (bool IsThere, CancellationToken Turned) Now
    {
        get
        {
            using var _ = _gate.EnterScope();
            return (_isThere, _turn.Token);
        }
    }

    /// <summary>Counts a viewer until the result is disposed.</summary>
    public IDisposable Enter()
    {
        using (_gate.EnterScope())
        {
            _viewers++;
        }
        Settle();
        return new OnDispose(Leave);
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
        // Outside the lock: subscribers ask for the new state at once.
        turned.Cancel();
        turned.Dispose();
    }
}
