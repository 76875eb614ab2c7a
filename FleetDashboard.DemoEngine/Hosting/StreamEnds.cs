using FleetDashboard.DemoEngine.Faults;

namespace FleetDashboard.DemoEngine.Hosting;

/// <summary>When a stream must end: the client disconnected, the server is stopping, or the cut fault was sent.</summary>
internal sealed class StreamEnds(ActiveFaults faults, IHostApplicationLifetime lifetime)
{
    public CancellationTokenSource Link(HttpContext context) =>
        CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping, faults.StreamsCut);
}
