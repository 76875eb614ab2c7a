using FleetDashboard.Web.Auth;
using FleetDashboard.Web.Auth.Sessions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Logs;

/// <summary>
/// Passes a Collector's log stream on, byte by byte as it comes. Holds one buffer: a browser that reads slowly slows the Collector. Ends
/// with the browser, with the Collector, or when the viewer's session does.
/// </summary>
internal sealed partial class LogRelay(SessionCheck check, IOptions<AccountsOptions> accounts, TimeProvider time, ILogger<LogRelay> logger)
{
    private const int BufferSize = 32 * 1024;

    // A browser that takes nothing for so long, be it gone without a word or paused by its viewer, connects again where it stopped.
    private static readonly TimeSpan LongestWrite = TimeSpan.FromMinutes(2);

    /// <summary>Runs <paramref name="send"/> with a token that also ends when the session does.</summary>
    public async Task WhileWelcomeAsync(HttpContext context, Func<CancellationToken, Task> send)
    {
        // Reading slowly is no attack here: it is how the page makes the container's stream wait.
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
            context.Abort(); // So that the browser sees a broken stream, not one that is complete.
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
                if (!await check.IsWelcomeAsync(context.User, ending.Token))
                {
                    await ending.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested) { }
        catch (Exception ex)
        {
            // Accounts that cannot be looked up vouch for nobody.
            LogAccountsUnreadable(ex);
            await ending.CancelAsync();
        }
    }

    [LoggerMessage(LogLevel.Debug, "A log stream ended")]
    private partial void LogEnded(Exception exception);

    [LoggerMessage(LogLevel.Warning, "The account behind a log stream cannot be looked up: the stream is ended")]
    private partial void LogAccountsUnreadable(Exception exception);
}
