namespace FleetDashboard.Collector.Engine;

/// <summary>
/// One connection to the engine, from its first answer to the first failure that is the engine's and not one container's. It asks and
/// passes the answers on through the <see cref="SignalQueue"/>; it decides nothing. Its load depends on the number of containers and on
/// whether the dashboard is viewed, never on the number of viewers.
/// </summary>
internal sealed partial class EngineSession(
    EngineClient engine,
    IEnumerable<ISessionLoop> loops,
    EngineRequests requests,
    KnownContainers containers,
    CollectorProblems problems,
    SignalQueue signals,
    TimeProvider time,
    ILogger<EngineSession> logger
)
{
    /// <summary>Runs until the engine fails or <paramref name="cancellationToken"/> ends it. Always ends with an exception.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        containers.Begin();
        problems.Clear();
        var host = await engine.ConnectAsync(cancellationToken);
        LogConnected(host.Engine, host.EngineVersion, host.ApiVersion, host.Name);
        await signals.WriteAsync(new Signal.Connected(time.GetUtcNow(), host), cancellationToken);

        requests.Begin();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = loops.Select(loop => loop.RunAsync(host, ending.Token)).ToList();
        var first = await Task.WhenAny(running);
        await ending.CancelAsync();
        await Task.WhenAll(running)
            .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await first;
    }

    [LoggerMessage(LogLevel.Information, "Connected to {Engine} {Version} (API {ApiVersion}) on {Host}.")]
    private partial void LogConnected(string engine, string version, string apiVersion, string host);
}
