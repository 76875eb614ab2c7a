namespace FleetDashboard.Collector.Engine;

/// <summary>
/// The difference between the engine's clock and ours. The engine's times are translated to our clock when they are received: with a clock
/// six minutes off, the stats of every healthy container counted as overdue, and crash loops were green. Safe to use from anywhere.
/// </summary>
internal sealed class EngineClock
{
    /// <summary>A Date header has whole seconds.</summary>
    private static readonly TimeSpan Truncation = TimeSpan.FromSeconds(1);

    /// <summary>A smaller change of the difference is ignored.</summary>
    private static readonly TimeSpan Noise = TimeSpan.FromSeconds(3);

    /// <summary>A larger difference is a warning on the page.</summary>
    private static readonly TimeSpan Notable = TimeSpan.FromSeconds(30);

    /// <summary>A larger difference is not believed.</summary>
    private static readonly TimeSpan Absurd = TimeSpan.FromDays(3650);

    private long _offset;

    /// <summary>What has to be added to the engine's time to get ours; zero while the clocks agree.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Volatile.Read(ref _offset));

    /// <summary>A warning for the operator, as a sentence; null while the clocks agree.</summary>
    public string? Warning =>
        Offset is var offset && offset.Duration() < Notable
            ? null
            : $"The engine's clock is {Span(offset.Duration())} {(offset > TimeSpan.Zero ? "behind" : "ahead of")} the Collector's. "
                + "Ages are computed by the engine's clock; synchronise both (NTP).";

    /// <summary>
    /// Compares with the engine's time. True where the difference changed. A slow answer is no difference: on a busy machine an answer took
    /// seconds, and the clock seemed to be behind.
    /// </summary>
    public bool Set(EngineMoment? moment)
    {
        if (moment is null)
        {
            return false;
        }

        var offset = Difference(moment);
        offset = offset.Duration() < Noise || offset.Duration() > Absurd ? TimeSpan.Zero : offset;
        if ((offset - Offset).Duration() < Noise)
        {
            return false;
        }

        Volatile.Write(ref _offset, offset.Ticks);
        return true;
    }

    /// <summary>
    /// What has to be added to the engine's time to get ours; zero where the engine's time lies between request and answer.
    /// </summary>
    public static TimeSpan Difference(EngineMoment moment) =>
        moment.Shown + Truncation < moment.Asked ? moment.Asked - moment.Shown
        : moment.Shown > moment.Arrived ? moment.Arrived - moment.Shown
        : TimeSpan.Zero;

    /// <summary>A time of the engine by our clock.</summary>
    public DateTimeOffset ToOurs(DateTimeOffset engineTime) => Shift(engineTime, Offset);

    /// <inheritdoc cref="ToOurs(DateTimeOffset)"/>
    public DateTimeOffset? ToOurs(DateTimeOffset? engineTime) => engineTime is { } time ? ToOurs(time) : null;

    /// <summary>A time of ours by the engine's clock.</summary>
    public DateTimeOffset ToEngine(DateTimeOffset ours) => Shift(ours, -Offset);

    // At the ends of the calendar a shift would overflow.
    private static DateTimeOffset Shift(DateTimeOffset at, TimeSpan by)
    {
        var ticks = at.UtcTicks + by.Ticks;
        return ticks < DateTimeOffset.MinValue.Ticks || ticks > DateTimeOffset.MaxValue.Ticks
            ? at
            : new DateTimeOffset(ticks, TimeSpan.Zero);
    }

    private static string Span(TimeSpan span) =>
        span.TotalMinutes < 2 ? $"{span.TotalSeconds:0} s"
        : span.TotalHours < 2 ? $"{span.TotalMinutes:0} min"
        : $"{span.TotalHours:0} h";
}
