using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FleetDashboard.ServiceDefaults;

/// <summary>A loop that runs as long as its service.</summary>
/// <param name="Name">What the loop does, for the log: <c>publish snapshots</c>.</param>
/// <param name="RunAsync">Runs until the token is cancelled. It is called again after every failure, so it must be able to start
/// again.</param>
public sealed record SupervisedLoop(string Name, Func<CancellationToken, Task> RunAsync);

/// <summary>
/// The base of every long-running loop of the product. Each loop is restarted when it fails or returns, and the failure is logged: a loop
/// that ended silently once left the page green for ever.
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
