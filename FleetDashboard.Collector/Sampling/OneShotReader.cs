using System.Collections.Concurrent;
using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Sampling;

/// <summary>
/// Reads the counters of all running containers by one burst of one-shot calls. Engines before 25 answer each of them at their next
/// shared one-second tick, so all go at once; later ones answer at once, and are asked a few at a time.
/// </summary>
internal sealed class OneShotReader(EngineStats stats, IOptions<SamplingOptions> options, TimeProvider time)
{
    private const int FirstDirectEngine = 25;
    private const int DirectConcurrency = 12;

    /// <summary>Below this a burst on an old engine would fail for want of a tick.</summary>
    private static readonly TimeSpan ShortestDeadline = TimeSpan.FromSeconds(4);

    /// <summary>The longest that one burst may take.</summary>
    public static TimeSpan Deadline(SamplingOptions options) => options.Interval > ShortestDeadline ? options.Interval : ShortestDeadline;

    /// <summary>Reads all of <paramref name="ids"/>; what could not be read in time is missing from the answer.</summary>
    /// <exception cref="HttpRequestException">None could be read: the engine, not one container, is at fault.</exception>
    public async Task<ImmutableArray<(string Id, RawStats Stats)>> ReadAsync(
        ImmutableArray<string> ids,
        string engineVersion,
        CancellationToken cancellationToken
    )
    {
        using var timeout = new CancellationTokenSource(Deadline(options.Value), time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var read = new ConcurrentBag<(string, RawStats)>();
        var faults = new ConcurrentQueue<Exception>();
        var answered = 0;

        await Parallel.ForEachAsync(
            ids,
            new ParallelOptions { MaxDegreeOfParallelism = AnswersAtOnce(engineVersion) ? DirectConcurrency : Math.Max(1, ids.Length) },
            async (id, _) =>
            {
                try
                {
                    if (await stats.ReadAsync(id, linked.Token) is { } figures)
                    {
                        read.Add((id, figures));
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
            ? throw new HttpRequestException($"None of {ids.Length} containers could be read.", first)
            : [.. read];
    }

    private static bool AnswersAtOnce(string engineVersion) =>
        int.TryParse(engineVersion.Split('.')[0], out var major) && major >= FirstDirectEngine;
}
