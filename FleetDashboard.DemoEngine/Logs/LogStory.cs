using FleetDashboard.DemoEngine.Fleet;

namespace FleetDashboard.DemoEngine.Logs;

/// <summary>
/// What a container has logged, made up when somebody asks. Time is cut into slots and each slot has one line, which depends on the
/// container
/// and the number of the slot alone: the same question always gets the same answer, and nothing is stored.
/// </summary>
internal static class LogStory
{
    /// <summary>A json-file that is rotated keeps about as much.</summary>
    public const int LongestStory = 20_000;

    /// <summary>
    /// The last <paramref name="limit"/> lines up to a moment, newest first. It is read backwards, because a tail is what is asked for.
    /// </summary>
    public static IEnumerable<DemoLogLine> Backwards(DemoContainer container, DateTimeOffset until, int limit = LongestStory) =>
        AllBackwards(container, until).Take(Math.Min(limit, LongestStory));

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
                // Microseconds before the end: a follower has already been told everything up to a moment ago, and has to get this too.
                yield return new DemoLogLine(ended.AddMicroseconds(i - farewell.Length), run.ExitCode != 0, farewell[i]);
            }
        }

        // The farewell comes last and the greeting first; what lies between leaves room for both.
        var (first, last) = (run.Start.AddMilliseconds(200), run.End is { } death && death <= end ? death.AddMilliseconds(-10) : end);
        for (var slot = last.Ticks / voice.Every.Ticks; slot * voice.Every.Ticks >= first.Ticks; slot--)
        {
            var at = new DateTimeOffset(
                slot * voice.Every.Ticks + (long)(Dice.Fraction(container.Plan.Seed, slot) * voice.Every.Ticks * 0.9),
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
