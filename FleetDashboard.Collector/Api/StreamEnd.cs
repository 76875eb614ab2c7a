using System.Runtime.CompilerServices;

namespace FleetDashboard.Collector.Api;

/// <summary>
/// A stream of events ends in good order when the Collector stops. Else the server, which stops before all else, would wait for a reader
/// who has no reason to leave, until
/// the host's patience of 30 s is over: each restart would take that long, and jobs would hear of it only then.
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
