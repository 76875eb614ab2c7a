using System.Collections.Immutable;

namespace FleetDashboard.Contracts;

/// <summary>The stats of the last hour in columns: means over equal steps, oldest first; null where nothing was measured.</summary>
/// <param name="From">Begin of the first step (UTC).</param>
/// <param name="StepSeconds">Length of one step in seconds.</param>
/// <param name="CpuCores">CPU in cores.</param>
/// <param name="MemoryBytes">Memory without reclaimable page cache, in bytes.</param>
/// <param name="NetworkReceiveRate">Bytes received a second.</param>
/// <param name="NetworkSendRate">Bytes sent a second.</param>
/// <param name="BlockReadRate">Bytes read from block devices a second.</param>
/// <param name="BlockWriteRate">Bytes written to block devices a second.</param>
public sealed record History(
    DateTimeOffset From,
    int StepSeconds,
    ImmutableArray<float?> CpuCores,
    ImmutableArray<float?> MemoryBytes,
    ImmutableArray<float?> NetworkReceiveRate,
    ImmutableArray<float?> NetworkSendRate,
    ImmutableArray<float?> BlockReadRate,
    ImmutableArray<float?> BlockWriteRate
);

/// <summary>One app with its stats of the last hour.</summary>
/// <param name="App">The app as in the snapshot.</param>
/// <param name="History">The sums over its containers.</param>
/// <param name="Changes">The state changes of its current containers in the last hour, oldest first; of very many the newest.</param>
public sealed record AppDetail(AppSnapshot App, History History, ImmutableArray<StateChange> Changes);

/// <summary>One container with its stats of the last hour.</summary>
/// <param name="App">The name of the app it belongs to.</param>
/// <param name="Container">The container as in the snapshot.</param>
/// <param name="History">Its stats.</param>
public sealed record ContainerDetail(string App, ContainerSnapshot Container, History History);
