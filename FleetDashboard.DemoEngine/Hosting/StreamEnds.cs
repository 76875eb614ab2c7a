using FleetDashboard.DemoEngine.Faults;

namespace FleetDashboard.DemoEngine.Hosting;

/// <summary>When a stream has to end: the reader left, the server stops, or the fault board cuts.</summary>
internal sealed class StreamEnds(FaultBoard faults, IHostApplicationLifetime lifetime)
{
    public CancellationTokenSource Link(HttpContext context) =>
        CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping, faults.StreamsCut);
}
