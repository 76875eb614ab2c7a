using System.Collections.Immutable;
using System.Threading.Channels;
using FleetDashboard.Collector.Databases;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>
/// One connection to the engine, from the first answer to the first failure that is the engine's and not one container's. Asks, and
/// hands on what it hears; decides nothing. The load it makes depends on the fleet, and on whether anybody looks; never on how many.
/// </summary>
internal sealed partial class EngineSession(
    EngineClient engine,
    Sampler sampler,
    ViewerPresence attendance,
    IOptions<SamplingOptions> options,
    DatabaseMeter meter,
    EngineImages images,
    IOptions<EngineOptions> engineOptions,
    TimeProvider time,
    ILogger<EngineSession> logger
)
{
    private const int Inspectors = 8;

    /// <summary>So far back the engine is asked for what it remembers, to know of loops that began before this process did.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    /// <summary>CPU needs two readings: the second follows soon, so that the first page has it.</summary>
    private static readonly TimeSpan SecondReading = TimeSpan.FromSeconds(1.5);

    private const string NetworksTopic = "networks",
        ServicesTopic = "services",
        ImagesTopic = "images";

    private static readonly TimeSpan PingDeadline = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShortestGap = TimeSpan.FromSeconds(1);

    private readonly InspectQueue _inspect = new();
    private readonly Channel<bool> _reconcile = Coalescing();
    private readonly Channel<bool> _tags = Coalescing();
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableArray<SampleTarget> _running = [];
    private readonly CollectorProblems _troubles = new();
    private EventWatch? _events;

    /// <summary>True once the whole fleet was known to it.</summary>
    public bool WasComplete => _complete.Task.IsCompleted;

    /// <summary>What the engine does not answer or permit, as sentences.</summary>
    public IEnumerable<string> Problems => _troubles.Sentences.Concat(new[] { engine.Clock.Warning }.OfType<string>());

    private EventWatch Events => _events ??= new EventWatch(engine, _troubles, Reconcile, time, logger);

    /// <summary>Asks for an inspection, soon.</summary>
    public void Inspect(string id) => _inspect.Add(id);

    /// <summary>Asks for a comparison with the engine's list, soon.</summary>
    public void Reconcile() => _reconcile.Writer.TryWrite(true);

    /// <summary>Asks which images the tags name now, soon.</summary>
    public void ReadTags() => _tags.Writer.TryWrite(true);

    /// <summary>
    /// Says which containers run: those are asked for figures, and their databases for sizes. The first call says that everything is known.
    /// </summary>
    public void SetRunning(ImmutableArray<SampleTarget> targets, ImmutableArray<DatabaseTarget> databases)
    {
        meter.Watch(databases);
        ImmutableInterlocked.InterlockedExchange(ref _running, targets);
        _complete.TrySetResult();
    }

    /// <summary>Opens the stream of events again, because it turned out to be silent.</summary>
    public void ReopenEvents() => Events.Reopen();

    /// <summary>Runs until the engine fails or <paramref name="cancellationToken"/> ends it; always ends with an exception.</summary>
    /// <param name="signals">Takes what becomes known.</param>
    /// <param name="heardUntil">When the last event happened, by our clock: the engine sends what happened since. Null the first
    /// time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(ChannelWriter<Signal> signals, DateTimeOffset? heardUntil, CancellationToken cancellationToken)
    {
        var host = await engine.ConnectAsync(cancellationToken);
        LogConnected(host.Engine, host.EngineVersion, host.ApiVersion, host.Name);
        await signals.WriteAsync(new Signal.Connected(time.GetUtcNow(), host), cancellationToken);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var since = heardUntil ?? time.GetUtcNow() - Memory;
        Reconcile();
        ReadTags();
        List<Task> parts =
        [
            Events.RunAsync(since, what => signals.TryWrite(new Signal.Happened(time.GetUtcNow(), what)), ending.Token),
            ReconcileAsync(signals, ending.Token),
            SampleAsync(signals, host.EngineVersion, ending.Token),
            MeasureAsync(signals, ending.Token),
            ReadTagsAsync(signals, ending.Token),
            .. Enumerable.Range(0, Inspectors).Select(_ => InspectAsync(signals, ending.Token)),
        ];
        var first = await Task.WhenAny(parts);
        await ending.CancelAsync();
        await Task.WhenAll(parts)
            .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await first;
    }

    private async Task ReconcileAsync(ChannelWriter<Signal> signals, CancellationToken cancellationToken)
    {
        while (true)
        {
            await _reconcile.Reader.WaitToReadAsync(engineOptions.Value.ReconcileInterval, time, cancellationToken);
            _reconcile.Reader.TryRead(out _);

            var networks = OptionalAsync(NetworksTopic, "Networks are not known.", engine.NetworksAsync, cancellationToken);
            var list = await engine.ListAsync(cancellationToken);
            var services = list.Containers.Any(container => container.Labels.ContainsKey(ServiceList.IdLabel))
                ? await OptionalAsync(
                    ServicesTopic,
                    "Ports that the Swarm publishes are not known.",
                    engine.ServicesAsync,
                    cancellationToken
                )
                : null;
            if (engine.Clock.Set(list.Sent))
            {
                foreach (var container in list.Containers)
                {
                    Inspect(container.Id); // Its times have to be translated again.
                }
            }

            await signals.WriteAsync(new Signal.Listed(time.GetUtcNow(), list, await networks, services), cancellationToken);
            await Task.Delay(ShortestGap, time, cancellationToken);
        }
    }

    // What is refused, or answered with something else, is left out and told to the operator; the containers are shown without it.
    private async Task<T?> OptionalAsync<T>(
        string topic,
        string without,
        Func<CancellationToken, Task<T>> question,
        CancellationToken cancellationToken
    )
        where T : struct
    {
        try
        {
            var answer = await question(cancellationToken);
            _troubles.Clear(topic);
            return answer;
        }
        catch (Exception refused) when (refused is EngineRefusal or InvalidDataException)
        {
            _troubles.Set(topic, $"{without} {refused.Message}");
            return null;
        }
    }

    // Asked when an image event says so, and not in a loop: a tag moves a few times in a week.
    private async Task ReadTagsAsync(ChannelWriter<Signal> signals, CancellationToken cancellationToken)
    {
        await foreach (var _ in _tags.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                await signals.WriteAsync(new Signal.Tagged(time.GetUtcNow(), await images.ListAsync(cancellationToken)), cancellationToken);
                _troubles.Clear(ImagesTopic);
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
            {
                LogTagsFailed(fault);
                _troubles.Set(
                    ImagesTopic,
                    $"Whether newer images are on the host is not known. {EngineFault.Describe(fault, engineOptions.Value.Endpoint)}"
                );
            }

            await Task.Delay(ShortestGap, time, cancellationToken);
        }
    }

    private async Task InspectAsync(ChannelWriter<Signal> signals, CancellationToken cancellationToken)
    {
        while (true)
        {
            var id = await _inspect.TakeAsync(cancellationToken);
            Signal signal;
            try
            {
                var facts = await engine.InspectAsync(id, cancellationToken);
                signal = new Signal.Inspected(time.GetUtcNow(), id, facts);
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
            {
                // One container's trouble stays its own: whether the engine is there at all is for the sampler to find out.
                LogInspectFailed(fault, id);
                signal = new Signal.InspectFailed(time.GetUtcNow(), id, EngineFault.Describe(fault, engineOptions.Value.Endpoint));
            }

            await signals.WriteAsync(signal, cancellationToken);
            _inspect.Done(id);
        }
    }

    private async Task SampleAsync(ChannelWriter<Signal> signals, string engineVersion, CancellationToken cancellationToken)
    {
        await _complete.Task.WaitAsync(cancellationToken);
        await SampleOnceAsync(signals, engineVersion, attendance.Pace, cancellationToken);
        await Task.Delay(SecondReading, time, cancellationToken);
        while (true)
        {
            var (began, pace) = (time.GetTimestamp(), attendance.Pace);
            await SampleOnceAsync(signals, engineVersion, pace, cancellationToken);
            await PauseAsync(began, pace, cancellationToken);
        }
    }

    private async Task SampleOnceAsync(
        ChannelWriter<Signal> signals,
        string engineVersion,
        TimeSpan pace,
        CancellationToken cancellationToken
    )
    {
        var round = await sampler.ReadAsync(_running, engineVersion, cancellationToken);

        // The kernel's files tell of containers whatever has become of the engine: only its own word makes the snapshot newer.
        // It has as long for that as it would have had for the figures: an engine that is only busy is not lost.
        if (round.EngineAnswered is not true)
        {
            await engine.PingAsync(round.EngineAnswered is null ? OneShotReader.Deadline(options.Value) : PingDeadline, cancellationToken);
        }

        await signals.WriteAsync(new Signal.Sampled(time.GetUtcNow(), round, pace), cancellationToken);
    }

    // Until the next reading is due, or somebody comes whom the last one would be too old for.
    private async Task PauseAsync(long began, TimeSpan pace, CancellationToken cancellationToken)
    {
        var rest = pace - time.GetElapsedTime(began);
        if (rest <= TimeSpan.Zero)
        {
            return;
        }

        using (var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            await Task.WhenAny(Task.Delay(rest, time, pause.Token), attendance.ArrivalAsync(pause.Token));
            await pause.CancelAsync();
        }

        // Rates over a moment would be anything: a container is at its limit in half of all tenths of a second.
        cancellationToken.ThrowIfCancellationRequested();
        if (ShortestGap - time.GetElapsedTime(began) is { Ticks: > 0 } wait)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private async Task MeasureAsync(ChannelWriter<Signal> signals, CancellationToken cancellationToken)
    {
        await _complete.Task.WaitAsync(cancellationToken);
        await meter.RunAsync(
            (id, reading) => signals.WriteAsync(new Signal.Measured(time.GetUtcNow(), id, reading), cancellationToken),
            cancellationToken
        );
    }

    private static Channel<bool> Coalescing() =>
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    [LoggerMessage(LogLevel.Warning, "The images could not be listed; whether newer ones are here is as it was.")]
    private partial void LogTagsFailed(Exception fault);

    [LoggerMessage(LogLevel.Information, "Connected to {Engine} {Version} (API {ApiVersion}) on {Host}.")]
    private partial void LogConnected(string engine, string version, string apiVersion, string host);

    [LoggerMessage(LogLevel.Warning, "Container {Id} could not be inspected; what was known of it stays.")]
    private partial void LogInspectFailed(Exception fault, string id);
}
