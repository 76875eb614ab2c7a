using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Sampling;

/// <summary>The stats of the running containers were read.</summary>
/// <param name="At">When the reading was complete (UTC).</param>
/// <param name="Round">The reading.</param>
/// <param name="Pace">Time until the next reading.</param>
internal sealed record StatsSampled(DateTimeOffset At, StatsRound Round, TimeSpan Pace) : Signal(At);
