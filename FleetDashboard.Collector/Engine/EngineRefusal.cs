using System.Net;

namespace FleetDashboard.Collector.Engine;

/// <summary>The engine answered, and said no. The message is its own.</summary>
internal sealed class EngineRefusal(HttpStatusCode status, string message) : Exception(message)
{
    public HttpStatusCode Status { get; } = status;
}
