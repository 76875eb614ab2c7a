using System.Runtime.CompilerServices;

namespace FleetDashboard.Collector.Engine;

/// <summary>Inspects the containers of <see cref="EngineRequests.Inspections"/>, a few at a time.</summary>
internal sealed partial class InspectLoop(
    EngineClient engine,
    EngineRequests requests,
    SignalQueue signals,
    TimeProvider time,
    ILogger<InspectLoop> logger
) : ISessionLoop
{
    private const int Concurrency = 8;

    public Task RunAsync(HostFacts host, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            NextAsync(cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken },
            async (id, token) =>
            {
                await signals.WriteAsync(await InspectOneAsync(id, token), token);
                requests.Inspections.Done(id);
            }
        );

    private async IAsyncEnumerable<string> NextAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            yield return await requests.Inspections.NextAsync(cancellationToken);
        }
    }

    private async Task<Signal> InspectOneAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var facts = await engine.InspectAsync(id, cancellationToken);
            return new Signal.Inspected(time.GetUtcNow(), id, facts);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            // One container that cannot be inspected does not end the session. The sampling loop finds out whether the engine is lost.
            LogFailed(fault, id);
            return new Signal.InspectionFailed(time.GetUtcNow(), id, EngineFault.Describe(fault));
        }
    }

    [LoggerMessage(LogLevel.Warning, "Container {Id} could not be inspected. The result of its last inspection stays.")]
    private partial void LogFailed(Exception fault, string id);
}
