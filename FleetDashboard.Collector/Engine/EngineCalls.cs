using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FleetDashboard.Collector.Engine;

/// <summary>Counts every call to the engine. Shows the load on it, and that it does not grow with the number of viewers.</summary>
internal sealed class EngineCalls
{
    public const string MeterName = "FleetDashboard.Collector.Engine";

    private static readonly ActivitySource Traces = new(MeterName);

    private readonly TimeProvider _time;
    private readonly Counter<long> _calls;
    private readonly Histogram<double> _duration;
    private readonly ConcurrentDictionary<string, long> _totals = new();

    public EngineCalls(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(MeterName);
        _calls = meter.CreateCounter<long>("fleet.engine.calls", "{call}", "Calls to the container engine, by kind and outcome.");
        _duration = meter.CreateHistogram<double>(
            "fleet.engine.call.duration",
            "s",
            "How long the engine took to answer, by kind; streams excepted.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
            }
        );
    }

    /// <summary>Calls so far by kind.</summary>
    public IReadOnlyDictionary<string, long> Totals => _totals;

    /// <summary>Runs one call and records how it went.</summary>
    public async Task<T> MeasureAsync<T>(string kind, Func<Task<T>> call)
    {
        // Only as part of a request or a job. Sampling and comparing lists would be thousands of traces with one span.
        using var span = Activity.Current is null ? null : Traces.StartActivity($"engine {kind}", ActivityKind.Client);
        var started = Stopwatch.GetTimestamp();
        var outcome = "failed";
        try
        {
            var answer = await call();
            outcome = "answered";
            return answer;
        }
        catch (Exception fault)
        {
            span?.SetStatus(ActivityStatusCode.Error, fault.Message);
            throw;
        }
        finally
        {
            Count(kind, outcome);
            _duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("kind", kind));
        }
    }

    /// <summary>Runs one call with a deadline of its own, and records how it went.</summary>
    /// <exception cref="EngineTimeout">The engine did not answer in time. It may still do what it was asked to do.</exception>
    public async Task<T> AskAsync<T>(
        string kind,
        TimeSpan deadline,
        Func<CancellationToken, Task<T>> question,
        CancellationToken cancellationToken
    )
    {
        using var timeout = new CancellationTokenSource(deadline, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await MeasureAsync(kind, () => question(linked.Token));
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new EngineTimeout($"The engine did not answer '{kind}' within {deadline.TotalSeconds:0.#} s.");
        }
    }

    /// <summary>Counts a stream that was opened.</summary>
    public void Opened(string kind) => Count(kind, "opened");

    private void Count(string kind, string outcome)
    {
        _totals.AddOrUpdate(kind, 1, static (_, count) => count + 1);
        _calls.Add(1, new("kind", kind), new("outcome", outcome));
    }
}
