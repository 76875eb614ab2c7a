using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Databases;

/// <summary>
/// Measures the databases of the running containers, one container at a time, and sends the sizes to the snapshot writer. Its plan outlives
/// a session: a reconnection does not measure everything again.
/// </summary>
internal sealed partial class DatabaseMeter(
    EngineClient engine,
    KnownContainers containers,
    SignalQueue signals,
    IOptions<DatabaseOptions> options,
    TimeProvider time,
    ILogger<DatabaseMeter> logger
) : ISessionLoop
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);

    private readonly MeterPlan _plan = new(options.Value.Interval);
    private readonly Dictionary<string, string> _logged = [];
    private ImmutableArray<ContainerFacts> _known = [];
    private ImmutableArray<DatabaseTarget> _targets = [];

    /// <summary>Runs until it is cancelled. A database never ends the session.</summary>
    public async Task RunAsync(HostFacts host, CancellationToken cancellationToken)
    {
        if (!options.Value.Enabled)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }

        await containers.CompleteAsync(cancellationToken);
        while (true)
        {
            var targets = FindTargets();
            if (_plan.Next(targets, time.GetUtcNow()) is { } target)
            {
                var reading = await ReadAsync(target, cancellationToken);
                _plan.Done(target, reading, time.GetUtcNow());
                if (reading is not null)
                {
                    Log(target, reading.Error, targets);
                    await signals.WriteAsync(new DatabasesMeasured(time.GetUtcNow(), target.Id, reading), cancellationToken);
                }
            }

            await Task.Delay(Pause(targets.Length), time, cancellationToken);
        }
    }

    private ImmutableArray<DatabaseTarget> FindTargets()
    {
        var known = containers.Current;
        if (known != _known)
        {
            (_known, _targets) = (known, DatabaseTargets.Find(known));
        }

        return _targets;
    }

    private async Task<DatabaseReading?> ReadAsync(DatabaseTarget target, CancellationToken cancellationToken)
    {
        var (limit, deadline) = (options.Value.ClientLimit, options.Value.Deadline);
        try
        {
            return
                await engine.ExecAsync(target.Id, DatabaseProbe.Find(target.Kind)!.Command(limit), deadline, cancellationToken)
                    is { } answer
                ? ProbeAnswers.Read(target.Kind, answer, limit, time.GetUtcNow())
                : null; // It stopped meanwhile. Its own inspection shows that.
        }
        catch (EngineTimeout)
        {
            return DatabaseReading.Failed(time.GetUtcNow(), $"no answer within {deadline.TotalSeconds:0.#} s");
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            // The engine failed, not the database. The sampling loop finds out whether the engine is lost.
            LogNotRun(fault, target.Name);
            return null;
        }
    }

    // With many databases the pauses shrink, so that a round still fits into the interval.
    private TimeSpan Pause(int count)
    {
        var share = options.Value.Interval / (2 * Math.Max(1, count));
        return share > LongestPause ? LongestPause
            : share < ShortestPause ? ShortestPause
            : share;
    }

    private void Log(DatabaseTarget target, string? error, ImmutableArray<DatabaseTarget> targets)
    {
        if (_logged.GetValueOrDefault(target.Id) != error)
        {
            if (error is not null)
            {
                LogFailed(target.Name, target.Id, error);
            }
            else
            {
                LogRecovered(target.Name, target.Id);
            }
        }

        if (error is null)
        {
            _logged.Remove(target.Id);
        }
        else
        {
            _logged[target.Id] = error;
        }

        foreach (var gone in _logged.Keys.Except(targets.Select(one => one.Id)).ToList())
        {
            _logged.Remove(gone);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The databases in {Container} ({Id}) could not be measured: {Reason}.")]
    private partial void LogFailed(string container, string id, string reason);

    [LoggerMessage(LogLevel.Information, "The databases in {Container} ({Id}) can be measured again.")]
    private partial void LogRecovered(string container, string id);

    [LoggerMessage(LogLevel.Warning, "The engine could not run the size query in {Container}. It is tried again soon.")]
    private partial void LogNotRun(Exception fault, string container);
}
