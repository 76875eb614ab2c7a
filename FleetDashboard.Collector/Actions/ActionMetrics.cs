using System.Diagnostics.Metrics;

namespace FleetDashboard.Collector.Actions;

/// <summary>Counts actions and refusals. Labels come from this program only, so there are few.</summary>
internal sealed class ActionMetrics
{
    public const string MeterName = "FleetDashboard.Collector.Actions";

    private readonly Counter<long> _actions;
    private readonly Histogram<double> _duration;

    public ActionMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _actions = meter.CreateCounter<long>("fleet.actions", null, "Actions on containers, by action and outcome; refused ones too.");
        _duration = meter.CreateHistogram<double>(
            "fleet.job.duration",
            "s",
            "How long jobs took from start to end, by action and outcome.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800] }
        );
    }

    /// <summary>An action ended on one container, or was refused.</summary>
    public void Ended(string action, string outcome) => _actions.Add(1, new("action", action), new("outcome", outcome));

    public void Ended(string action, string outcome, TimeSpan took) =>
        _duration.Record(took.TotalSeconds, new("action", action), new("outcome", outcome));
}
