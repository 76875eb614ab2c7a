using System.Threading.Channels;

namespace FleetDashboard.ServiceDefaults;

/// <summary>Waits for a channel with a timeout.</summary>
public static class ChannelWaits
{
    /// <summary>
    /// Waits until there is something to read, at most <paramref name="longest"/>. False after the timeout, or if the channel is complete.
    /// </summary>
    public static async Task<bool> WaitToReadAsync<T>(
        this ChannelReader<T> reader,
        TimeSpan longest,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        using var limit = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await reader.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
