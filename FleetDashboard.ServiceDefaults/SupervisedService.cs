using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FleetDashboard.ServiceDefaults;

/// <summary>One loop that runs for as long as its service does.</summary>
/// <param name="Name">What it does, as it stands in the log: <c>publish snapshots</c>.</param>
/// <param name="RunAsync">Runs it until the token is cancelled. Called again after every failure, so it must be able to begin
/// again.</param>
public sealed record SupervisedLoop(string Name, Func<CancellationToken, Task> RunAsync);

/// <summary>
/// The one way in which the product runs long loops. Each loop of the service is restarted when it fails or returns, and the log says so: a
/// loop
/// that ended without a word once left the page green for ever.
/// </summary>
public abstract class SupervisedService(TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>The loops of this service. Read once, after <see cref="PrepareAsync"/>.</summary>
    protected abstract IEnumerable<SupervisedLoop> Loops { get; }

    /// <summary>Runs once before the loops. An exception ends the process: the host logs it as the reason.</summary>
    protected virtual Task PrepareAsync(CancellationToken stoppingToken) => Task.CompletedTask;

    /// <summary>Prepares, then runs every loop under supervision until the service stops.</summary>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await PrepareAsync(stoppingToken);
        await Task.WhenAll(Loops.Select(loop => LoopSupervisor.RunAsync(loop, time, logger, stoppingToken)));
    }
}
