using FleetDashboard.DemoEngine.Fleet;

namespace FleetDashboard.DemoEngine.Logs;

/// <summary>
/// Generates a container's log on request. Time is divided into slots of one line each, which depends only on the container and the slot
/// number. The same request therefore always gives the same log, and nothing is stored.
/// </summary>
internal static class GeneratedLog
{
    /// <summary>About as many lines as a rotated json-file log keeps.</summary>
    public const int MostLines = 20_000;

    /// <summary>
    /// The last <paramref name="limit"/> lines up to a time, newest first. Generated backwards, because a tail is requested.
    /// </summary>
    public static IEnumerable<DemoLogLine> Backwards(DemoContainer container, DateTimeOffset until, int limit = MostLines) =>
        AllBackwards(container, until).Take(Math.Min(limit, MostLines));

    private static IEnumerable<DemoLogLine> AllBackwards(DemoContainer container, DateTimeOffset until)
    {
        var state = container.State;
        var voice = LogStyle.From(container.Plan);
        for (var i = state.Runs.Length - 1; i >= 0; i--)
        {
            var run = state.Runs[i];
            var isLast = i == state.Runs.Length - 1;
            var end = Earliest(until, run.End ?? until);
            if (isLast && state.PausedAt is { } paused)
            {
                end = Earliest(end, paused);
            }

            foreach (var line in RunBackwards(container, voice, run, end))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<DemoLogLine> RunBackwards(DemoContainer container, LogStyle voice, Run run, DateTimeOffset end)
    {
        if (run.End is { } ended && ended <= end)
        {
            var farewell = voice.Farewell(run.ExitCode);
            for (var i = farewell.Length - 1; i >= 0; i--)
            {
                // Microseconds before the exit: a follower has already received everything up to a moment ago, and must receive this too.
                yield return new DemoLogLine(ended.AddMicroseconds(i - farewell.Length), run.ExitCode != 0, farewell[i]);
            }
        }

        // The first and last lines of a run come from the container's start and exit. The lines between leave room for both.
        var (first, last) = (run.Start.AddMilliseconds(200), run.End is { } death && death <= end ? death.AddMilliseconds(-10) : end);
        for (var slot = last.Ticks / voice.Every.Ticks; slot * voice.Every.Ticks >= first.Ticks; slot--)
        {
            var at = new DateTimeOffset(
                slot * voice.Every.Ticks + (long)(SeededRandom.Fraction(container.Plan.Seed, slot) * voice.Every.Ticks * 0.9),
                TimeSpan.Zero
            );
            if (at <= last)
            {
                yield return voice.Line(slot, at);
            }
        }

        for (var i = voice.Greeting.Length - 1; i >= 0; i--)
        {
            var at = run.Start.AddMilliseconds(20 + i * 12);
            if (at <= end)
            {
                yield return new DemoLogLine(at, false, voice.Greeting[i]);
            }
        }
    }

    private static DateTimeOffset Earliest(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
