using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Databases;

/// <summary>The databases of one container were measured, or could not be.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Id">The container.</param>
/// <param name="Reading">The sizes, or the error.</param>
internal sealed record DatabasesMeasured(DateTimeOffset At, string Id, DatabaseReading Reading) : Signal(At);
