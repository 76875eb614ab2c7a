namespace FleetDashboard.Collector.Sampling;

/// <summary>How old stats may be before they count as overdue, while the pace of the readings changes. For one thread.</summary>
/// <param name="interval">The pace at the start.</param>
/// <param name="deadline">How long one reading may take.</param>
internal sealed class OverduePolicy(TimeSpan interval, TimeSpan deadline)
{
    private const int OverdueIntervals = 3;

    private TimeSpan _slower = interval;
    private DateTimeOffset _until;

    /// <summary>Time until the next reading, as the last reading announced it. Nothing is overdue before it is due.</summary>
    public TimeSpan Pace { get; private set; } = interval;

    /// <summary>A reading was received and announced when the next one is due.</summary>
    public void SetPace(TimeSpan pace, DateTimeOffset at)
    {
        // After switching to the faster pace, keep the longer allowance until three fast readings could have arrived.
        if (pace < Pace)
        {
            (_slower, _until) = (Pace, at + (pace * OverdueIntervals) + deadline);
        }

        Pace = pace;
    }

    /// <summary>The age at which stats are overdue.</summary>
    public TimeSpan At(DateTimeOffset now) => ((now < _until && _slower > Pace ? _slower : Pace) * OverdueIntervals) + deadline;
}
