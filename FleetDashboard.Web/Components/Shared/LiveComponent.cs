using Microsoft.AspNetCore.Components;

namespace FleetDashboard.Web.Components.Shared;

/// <summary>A component that follows a stream for as long as it is shown to a viewer.</summary>
public abstract class LiveComponent<T> : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private Task? _watching;

    /// <summary>The stream. The token is cancelled when the viewer leaves.</summary>
    protected abstract IAsyncEnumerable<T> WatchAsync(CancellationToken leaving);

    /// <summary>Takes one item, on the renderer's thread. Returns true where the component must be rendered.</summary>
    protected abstract ValueTask<bool> ReceiveAsync(T item);

    /// <summary>Starts with the first interactive rendering. Prerendering shows the current state and subscribes to nothing.</summary>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _watching = FollowAsync();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        if (_watching is not null)
        {
            await _watching;
        }
        _leaving.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var item in WatchAsync(_leaving.Token))
            {
                await InvokeAsync(async () =>
                {
                    if (await ReceiveAsync(item))
                    {
                        StateHasChanged();
                    }
                });
            }
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested) { }
        catch (Exception ex)
        {
            await DispatchExceptionAsync(ex);
        }
    }
}
