using System.Runtime.CompilerServices;

namespace FleetDashboard.Collector.Api;

/// <summary>Two sources as one stream. Nothing is buffered: while the reader is busy, each source waits.</summary>
internal static class StreamMerge
{
    /// <summary>
    /// The items of both sources as they come, until one source ends. Where both have an item, the first source goes first.
    /// </summary>
    public static async IAsyncEnumerable<T> OfTwoAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> one,
        Func<CancellationToken, IAsyncEnumerable<T>> other,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        IAsyncEnumerator<T>[] sources =
        [
            one(leaving.Token).GetAsyncEnumerator(leaving.Token),
            other(leaving.Token).GetAsyncEnumerator(leaving.Token),
        ];
        var next = new Task<bool>[sources.Length];
        try
        {
            for (var i = 0; i < sources.Length; i++)
            {
                next[i] = sources[i].MoveNextAsync().AsTask();
            }

            while (true)
            {
                await Task.WhenAny(next);
                var ready = Array.FindIndex(next, task => task.IsCompleted);
                if (!await next[ready])
                {
                    yield break;
                }

                yield return sources[ready].Current;
                next[ready] = sources[ready].MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // A source must not be disposed while it waits.
            await leaving.CancelAsync();
            for (var i = 0; i < sources.Length; i++)
            {
                await ((Task)next[i]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await sources[i].DisposeAsync();
            }
        }
    }
}
