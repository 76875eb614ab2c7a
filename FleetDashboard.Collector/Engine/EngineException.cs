using System.Net;

namespace FleetDashboard.Collector.Engine;

/// <summary>A call to the engine failed. The message is a sentence for the operator.</summary>
internal class EngineException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The engine, or a proxy before it, answered with a failure. The message is its own.</summary>
internal sealed class EngineRefusal(HttpStatusCode status, string message) : EngineException(message)
{
    public HttpStatusCode Status { get; } = status;

    /// <summary>True where a permission is missing: a socket proxy refuses the path.</summary>
    public bool IsForbidden => Status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized or HttpStatusCode.MethodNotAllowed;
}

/// <summary>The engine did not answer in time. It may still do what it was asked to do.</summary>
internal sealed class EngineTimeout(string message) : EngineException(message);

/// <summary>The engine is older than the oldest API version that the Collector speaks.</summary>
internal sealed class EngineTooOldException(string message) : EngineException(message);
