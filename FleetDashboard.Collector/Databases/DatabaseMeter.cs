using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Databases;

/// <summary>
/// Looks into the fleet's running databases, one at a time, and hands on what it finds; decides nothing. Outlives a session with the
/// engine, so that a reconnection does not begin the round anew. At most one session runs it at a time.
/// </summary>
internal sealed partial class DatabaseMeter(
    EngineClient engine,
    IOptions<DatabaseOptions> options,
    TimeProvider time,
    ILogger<DatabaseMeter> logger
)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);

    private readonly MeterPlan _plan = new(options.Value.Interval);
    private readonly Dictionary<string, string> _told = [];
    private ImmutableArray<DatabaseTarget> _targets = [];

    /// <summary>Says which containers run and hold a database.</summary>
    public void Watch(ImmutableArray<DatabaseTarget> targets) => ImmutableInterlocked.InterlockedExchange(ref _targets, targets);

    /// <summary>Runs until it is cancelled, and ends with that exception only: no database may end the session.</summary>
    public async Task RunAsync(Func<string, DatabaseReading, ValueTask> report, CancellationToken cancellationToken)
    {
        if (!options.Value.Enabled)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }

        while (true)
        {
            var targets = _targets;
            if (_plan.Next(targets, time.GetUtcNow()) is { } target)
            {
                var reading = await ReadAsync(target, cancellationToken);
                _plan.Done(target, reading, time.GetUtcNow());
                if (reading is not null)
                {
                    Tell(target, reading.Error, targets);
                    await report(target.Id, reading);
                }
            }

            await Task.Delay(Pause(targets.Length), time, cancellationToken);
        }
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
                : null; // It stopped meanwhile: that is told by what the engine says of it.
        }
        catch (TimeoutException)
        {
            return DatabaseReading.Failed(time.GetUtcNow(), $"no answer within {deadline.TotalSeconds:0.#} s");
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            // The engine's trouble: whether it is there at all is for the sampler to find out.
            LogNotAsked(fault, target.Name);
            return null;
        }
    }

    // With many databases the round must not take longer than the interval for want of haste.
    private TimeSpan Pause(int count)
    {
        var share = options.Value.Interval / (2 * Math.Max(1, count));
        return share > LongestPause ? LongestPause
            : share < ShortestPause ? ShortestPause
            : share;
    }

    private void Tell(DatabaseTarget target, string? error, ImmutableArray<DatabaseTarget> targets)
    {
        if (_told.GetValueOrDefault(target.Id) != error)
        {
            if (error is not null)
            {
                LogUnknown(target.Name, target.Id, error);
            }
            else
            {
                LogKnown(target.Name, target.Id);
            }
        }

        if (error is null)
        {
            _told.Remove(target.Id);
        }
        else
        {
            _told[target.Id] = error;
        }

        foreach (var gone in _told.Keys.Except(targets.Select(one => one.Id)).ToList())
        {
            _told.Remove(gone);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The size of the databases in {Container} ({Id}) is not known: {Reason}.")]
    private partial void LogUnknown(string container, string id, string reason);

    [LoggerMessage(LogLevel.Information, "The size of the databases in {Container} ({Id}) is known again.")]
    private partial void LogKnown(string container, string id);

    [LoggerMessage(LogLevel.Warning, "The databases in {Container} could not be asked for; they will be, soon.")]
    private partial void LogNotAsked(Exception fault, string container);
}
