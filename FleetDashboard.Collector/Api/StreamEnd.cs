using System.Runtime.CompilerServices;

namespace FleetDashboard.Collector.Api;

/// <summary>
/// Ends a stream of events when the Collector stops. Otherwise the server would wait for its readers until the host's shutdown limit of 30
/// s. Every restart would take that long, and the jobs would learn of the stop only then.
/// </summary>
internal static class StreamEnd
{
    public static async IAsyncEnumerable<T> UntilStopping<T>(
        this IHostApplicationLifetime lifetime,
        Func<CancellationToken, IAsyncEnumerable<T>> watch,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        await using var events = watch(leaving.Token).GetAsyncEnumerator(leaving.Token);
        while (await MoveNextAsync(events, lifetime.ApplicationStopping))
        {
            yield return events.Current;
        }
    }

    private static async ValueTask<bool> MoveNextAsync<T>(IAsyncEnumerator<T> events, CancellationToken stopping)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
    }
}
