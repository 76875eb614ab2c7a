using FleetDashboard.ServiceDefaults;

namespace FleetDashboard.Collector.Engine;

/// <summary>Runs one <see cref="EngineSession"/> after another, for as long as the Collector runs.</summary>
internal sealed partial class EngineConnection(
    EngineSession session,
    KnownContainers containers,
    SignalQueue signals,
    TimeProvider time,
    ILogger<EngineConnection> logger
) : SupervisedService(time, logger)
{
    private static readonly TimeSpan ShortestBackOff = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = time;

    protected override IEnumerable<SupervisedLoop> Loops => [new("talk to the engine", ConnectAsync)];

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var (backOff, logged) = (ShortestBackOff, "");
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await session.RunAsync(cancellationToken);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return; // The Collector stops: how the session ended does not matter.
            }
            catch (Exception fault)
            {
                var reason = EngineFault.Describe(fault);
                if (reason != logged || containers.IsComplete)
                {
                    LogLost(logged = reason);
                }

                await signals.WriteAsync(new Signal.Disconnected(_time.GetUtcNow(), reason), cancellationToken);
            }

            // A session that inspected the whole fleet worked: the next one may start soon.
            backOff = containers.IsComplete ? ShortestBackOff : TimeSpan.FromTicks(Math.Min(backOff.Ticks * 2, LongestBackOff.Ticks));
            await Task.Delay(backOff, _time, cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Lost the engine. {Reason}")]
    private partial void LogLost(string reason);
}
