using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace FleetDashboard.ServiceDefaults;

/// <summary>Restarts a loop whenever it fails or returns, with a growing pause, until it is cancelled.</summary>
public static partial class LoopSupervisor
{
    /// <summary>The meter that counts failed loops.</summary>
    public const string MeterName = "FleetDashboard.Loops";

    /// <summary>The pause before the first restart. It doubles with each further failure.</summary>
    internal static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause before a restart.</summary>
    internal static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>A loop that ran at least this long counts as healthy: the next pause is the first one again.</summary>
    private static readonly TimeSpan LongRun = TimeSpan.FromMinutes(1);

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "fleet.loop.failures",
        "{failure}",
        "Loops of the dashboard that failed and were restarted, by name."
    );

    /// <summary>Runs the loop. Returns only after <paramref name="cancellationToken"/> was cancelled, and never throws.</summary>
    /// <param name="loop">What to run.</param>
    /// <param name="time">Measures the pauses.</param>
    /// <param name="logger">Receives one error for each failure.</param>
    /// <param name="cancellationToken">Stops the loop.</param>
    public static async Task RunAsync(SupervisedLoop loop, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var tag = new KeyValuePair<string, object?>("loop", loop.Name);
        Failures.Add(0, tag); // creates the series, so that an alerting rule can rely on it
        var pause = FirstPause;
        while (!cancellationToken.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            Exception? fault = null;
            try
            {
                await loop.RunAsync(cancellationToken);
            }
            catch (Exception any)
            {
                fault = any;
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return; // a failure during shutdown does not matter
            }

            Failures.Add(1, tag);
            pause = time.GetElapsedTime(started) > LongRun ? FirstPause : pause;
            LogRestart(logger, fault, loop.Name, pause.TotalSeconds);
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 > LongestPause ? LongestPause : pause * 2;
        }
    }

    [LoggerMessage(LogLevel.Error, "The loop '{Loop}' ended. It restarts in {Seconds} s.")]
    private static partial void LogRestart(ILogger logger, Exception? fault, string loop, double seconds);
}
