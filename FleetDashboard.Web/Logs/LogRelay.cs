using FleetDashboard.Web.Auth;
using FleetDashboard.Web.Auth.Sessions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Logs;

/// <summary>
/// Passes a Collector's log stream on to the browser, as it arrives. Holds one buffer, so a slow browser slows down the Collector. Ends
/// with the browser's connection, the Collector's, or the viewer's session.
/// </summary>
internal sealed partial class LogRelay(SessionCheck check, IOptions<AccountsOptions> accounts, TimeProvider time, ILogger<LogRelay> logger)
{
    private const int BufferSize = 32 * 1024;

    // How long a browser may accept no data. After that the stream ends, and a browser that was paused reconnects where it stopped.
    private static readonly TimeSpan LongestWrite = TimeSpan.FromMinutes(2);

    /// <summary>Runs <paramref name="send"/> with a token that is cancelled when the session ends.</summary>
    public async Task WhileSessionValidAsync(HttpContext context, Func<CancellationToken, Task> send)
    {
        // Slow reading is not an attack here: the page reads slowly to hold back the container's stream.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var watching = WatchAccountAsync(context, ending);
        try
        {
            await send(ending.Token);
        }
        catch (Exception ex) when (ex is IOException or HttpRequestException or OperationCanceledException)
        {
            LogEnded(ex);
            context.Abort(); // The browser must see a broken stream, not a complete one.
        }
        finally
        {
            await ending.CancelAsync();
            await watching;
        }
    }

    public async Task CopyAsync(Stream from, HttpResponse to, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        using var stuck = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = time.CreateTimer(_ => stuck.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (await from.ReadAsync(buffer, cancellationToken) is var length and > 0)
        {
            timer.Change(LongestWrite, Timeout.InfiniteTimeSpan);
            await to.Body.WriteAsync(buffer.AsMemory(0, length), stuck.Token);
            await to.Body.FlushAsync(stuck.Token);
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task WatchAccountAsync(HttpContext context, CancellationTokenSource ending)
    {
        using var timer = new PeriodicTimer(accounts.Value.RevalidateEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ending.Token))
            {
                if (!await check.IsValidAsync(context.User, ending.Token))
                {
                    await ending.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested) { }
        catch (Exception ex)
        {
            // If the account cannot be checked, the stream must end.
            LogAccountsUnreadable(ex);
            await ending.CancelAsync();
        }
    }

    [LoggerMessage(LogLevel.Debug, "A log stream ended")]
    private partial void LogEnded(Exception exception);

    [LoggerMessage(LogLevel.Warning, "The account behind a log stream could not be checked, so the stream was ended")]
    private partial void LogAccountsUnreadable(Exception exception);
}
