using System.Runtime.CompilerServices;
using Xunit;

namespace FleetDashboard.Tests.Support;

/// <summary>Polls for something without a signal to await. Only for the real engine: our own code always has a signal.</summary>
internal static class Eventually
{
    /// <summary>
    /// The timeout for something that must happen. Long, because a shared machine pauses now and then. It costs time only if something is
    /// wrong.
    /// </summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Polls until the result matches. At the timeout it fails with the last result.</summary>
    public static async Task<T> GetAsync<T>(
        Func<CancellationToken, Task<T>> ask,
        Func<T, bool> satisfies,
        TimeSpan? deadline = null,
        Func<T, string>? describe = null,
        [CallerArgumentExpression(nameof(satisfies))] string expectation = ""
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(deadline ?? Deadline);
        using var timer = new PeriodicTimer(Interval);
        var last = default(T);
        try
        {
            do
            {
                last = await ask(limit.Token);
                if (satisfies(last))
                {
                    return last;
                }
            } while (await timer.WaitForNextTickAsync(limit.Token));
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            // Continue to the failure below, which says more than "cancelled".
        }

        var seen = last is null ? "no answer" : describe?.Invoke(last) ?? last.ToString();
        throw new TimeoutException($"Not reached before the timeout: {expectation}. Last seen: {seen}");
    }
}
