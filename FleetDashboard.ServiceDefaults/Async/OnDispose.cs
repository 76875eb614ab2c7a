namespace FleetDashboard.ServiceDefaults.Async;

/// <summary>Runs an action at the first disposal: gives back what a count or a limit has handed out.</summary>
public sealed class OnDispose(Action action) : IDisposable
{
    private Action? _action = action;

    /// <inheritdoc />
    public void Dispose() => Interlocked.Exchange(ref _action, null)?.Invoke();
}
