namespace FleetDashboard.Collector.Engine;

/// <summary>Lists the images when an image event asks for it. There is no interval: a tag moves a few times in a week.</summary>
internal sealed partial class ImageLoop(
    EngineImages images,
    EngineRequests requests,
    CollectorProblems problems,
    SignalQueue signals,
    TimeProvider time,
    ILogger<ImageLoop> logger
) : ISessionLoop
{
    private const string Topic = "images";

    private static readonly TimeSpan ShortestGap = TimeSpan.FromSeconds(1);

    public async Task RunAsync(HostFacts host, CancellationToken cancellationToken)
    {
        await foreach (var _ in requests.Images.ReadAllAsync(cancellationToken))
        {
            try
            {
                var listed = await images.ListAsync(cancellationToken);
                await signals.WriteAsync(new Signal.ImagesListed(time.GetUtcNow(), listed), cancellationToken);
                problems.Set(Topic, null);
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(fault);
                problems.Set(Topic, $"Newer images cannot be found. {EngineFault.Describe(fault)}");
            }

            await Task.Delay(ShortestGap, time, cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The images could not be listed. The last list stays.")]
    private partial void LogFailed(Exception fault);
}
