namespace FleetDashboard.Collector.Snapshots;

/// <summary>
/// How old figures may be before they count as overdue, while the pace of the readings changes. Owned by <see cref="SnapshotWriter"/>.
/// </summary>
/// <param name="interval">The pace at the start.</param>
/// <param name="deadline">How long one reading may take.</param>
internal sealed class OverduePolicy(TimeSpan interval, TimeSpan deadline)
{
    private const int OverdueIntervals = 3;

    private TimeSpan _slower = interval;
    private DateTimeOffset _until;

    /// <summary>
    /// Time until the next reading, as it was said with the last one. Never what it is about to become: nothing is late before it is due.
    /// </summary>
    public TimeSpan Pace { get; private set; } = interval;

    /// <summary>A reading came, and said when the next one would.</summary>
    public void SetPace(TimeSpan pace, DateTimeOffset at)
    {
        // Whoever was read at the slow pace last has the quick one's chances first.
        if (pace < Pace)
        {
            (_slower, _until) = (Pace, at + (pace * OverdueIntervals) + deadline);
        }

        Pace = pace;
    }

    public TimeSpan At(DateTimeOffset now) => ((now < _until && _slower > Pace ? _slower : Pace) * OverdueIntervals) + deadline;
}
