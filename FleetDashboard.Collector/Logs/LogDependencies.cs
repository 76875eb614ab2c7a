using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Snapshots;

namespace FleetDashboard.Collector.Logs;

/// <summary>What reading a log needs: the engine's logs, container inspection, and the snapshot to wait on.</summary>
internal sealed class LogDependencies(EngineLogs logs, EngineClient engine, SnapshotStore store, TimeProvider time)
{
    public EngineLogs Logs => logs;

    public EngineClient Engine => engine;

    public SnapshotStore Store => store;

    public TimeProvider Time => time;
}
