using System.Runtime.CompilerServices;
using Xunit;

namespace FleetDashboard.Tests.Support;

/// <summary>
/// Waits for something that only the engine can bring about and nobody signals. For the real engine only: whatever is ours has a signal to
/// await.
/// </summary>
internal static class Eventually
{
    /// <summary>
    /// What a test has for anything that is sure to come: long, since a shared machine stands still now and then. It costs only where
    /// something is wrong.
    /// </summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks again until the answer satisfies; at the deadline fails with the last answer.</summary>
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
            // Falls through to the failure, which says more than "cancelled".
        }

        var seen = last is null ? "no answer" : describe?.Invoke(last) ?? last.ToString();
        throw new TimeoutException($"Not reached within the deadline: {expectation}. Last seen: {seen}");
    }
}
