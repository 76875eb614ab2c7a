using FleetDashboard.Collector.Engine;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Sampling;

/// <summary>
/// Samples the running containers at the pace that <see cref="ViewerPresence"/> asks for, and sends each round to the snapshot writer. It
/// also finds out whether the engine is lost: each round ends with an answer of the engine.
/// </summary>
internal sealed class SamplingLoop(
    Sampler sampler,
    KnownContainers containers,
    EngineClient engine,
    ViewerPresence viewers,
    SignalQueue signals,
    IOptions<SamplingOptions> options,
    TimeProvider time
) : ISessionLoop
{
    /// <summary>CPU needs two readings. The second follows soon, so that the first page shows it.</summary>
    private static readonly TimeSpan SecondReading = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan PingDeadline = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShortestGap = TimeSpan.FromSeconds(1);

    public async Task RunAsync(HostFacts host, CancellationToken cancellationToken)
    {
        await containers.CompleteAsync(cancellationToken);
        await SampleAsync(host, viewers.Pace, cancellationToken);
        await Task.Delay(SecondReading, time, cancellationToken);
        while (true)
        {
            var (started, pace) = (time.GetTimestamp(), viewers.Pace);
            await SampleAsync(host, pace, cancellationToken);
            await PauseAsync(started, pace, cancellationToken);
        }
    }

    private async Task SampleAsync(HostFacts host, TimeSpan pace, CancellationToken cancellationToken)
    {
        var targets = SampleTargets.Find(containers.Current, host.CgroupDriver);
        var round = await sampler.ReadAsync(targets, host.EngineVersion, cancellationToken);

        // Cgroup files are readable whatever happened to the engine. Only an answer of the engine makes the snapshot newer. The deadline is
        // that of a one-shot reading: an engine that is only busy is not lost.
        if (round.EngineAnswered is not true)
        {
            await engine.PingAsync(round.EngineAnswered is null ? OneShotReader.Deadline(options.Value) : PingDeadline, cancellationToken);
        }

        await signals.WriteAsync(new StatsSampled(time.GetUtcNow(), round, pace), cancellationToken);
    }

    // Until the next reading is due, or the first viewer arrives after an idle period.
    private async Task PauseAsync(long started, TimeSpan pace, CancellationToken cancellationToken)
    {
        var rest = pace - time.GetElapsedTime(started);
        if (rest <= TimeSpan.Zero)
        {
            return;
        }

        using (var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            await Task.WhenAny(Task.Delay(rest, time, pause.Token), viewers.ArrivalAsync(pause.Token));
            await pause.CancelAsync();
        }

        // Rates over a shorter time say nothing: a container is at its CPU limit in half of all tenths of a second.
        cancellationToken.ThrowIfCancellationRequested();
        if (ShortestGap - time.GetElapsedTime(started) is { Ticks: > 0 } wait)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }
}
