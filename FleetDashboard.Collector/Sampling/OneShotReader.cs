using System.Collections.Concurrent;
using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Sampling;

/// <summary>
/// Reads the counters of running containers by one-shot calls. Engines before Docker 25 answer at their next one-second tick, so all calls
/// are sent together. Later engines answer immediately, so a few calls run at a time.
/// </summary>
internal sealed class OneShotReader(EngineStats stats, IOptions<SamplingOptions> options, TimeProvider time)
{
    private const int FirstDirectEngine = 25;
    private const int DirectConcurrency = 12;

    /// <summary>With less time, an old engine has no tick in which to answer.</summary>
    private static readonly TimeSpan ShortestDeadline = TimeSpan.FromSeconds(4);

    /// <summary>The longest time for one round.</summary>
    public static TimeSpan Deadline(SamplingOptions options) => options.Interval > ShortestDeadline ? options.Interval : ShortestDeadline;

    /// <summary>Reads all of <paramref name="ids"/>. A container that could not be read in time is missing from the answer.</summary>
    /// <exception cref="EngineException">None could be read: the engine has failed, and not one container.</exception>
    public async Task<ImmutableArray<(string Id, RawStats Stats)>> ReadAsync(
        ImmutableArray<string> ids,
        string engineVersion,
        CancellationToken cancellationToken
    )
    {
        using var timeout = new CancellationTokenSource(Deadline(options.Value), time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var readings = new ConcurrentBag<(string, RawStats)>();
        var faults = new ConcurrentQueue<Exception>();
        var answered = 0;

        await Parallel.ForEachAsync(
            ids,
            new ParallelOptions { MaxDegreeOfParallelism = AnswersAtOnce(engineVersion) ? DirectConcurrency : Math.Max(1, ids.Length) },
            async (id, _) =>
            {
                try
                {
                    if (await stats.ReadAsync(id, linked.Token) is { } read)
                    {
                        readings.Add((id, read));
                    }

                    Interlocked.Increment(ref answered);
                }
                catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
                {
                    faults.Enqueue(fault);
                }
            }
        );
        cancellationToken.ThrowIfCancellationRequested();

        return answered == 0 && faults.TryPeek(out var first)
            ? throw new EngineException($"None of {ids.Length} containers could be sampled.", first)
            : [.. readings];
    }

    private static bool AnswersAtOnce(string engineVersion) =>
        int.TryParse(engineVersion.Split('.')[0], out var major) && major >= FirstDirectEngine;
}
