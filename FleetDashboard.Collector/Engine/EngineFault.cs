using System.Net.Sockets;
using Docker.DotNet;

namespace FleetDashboard.Collector.Engine;

/// <summary>Says in one sentence why the engine cannot be reached, and what to look at.</summary>
internal static class EngineFault
{
    public static string Describe(Exception fault, Uri endpoint)
    {
        var socket = Chain(fault).OfType<SocketException>().FirstOrDefault();
        return socket?.SocketErrorCode switch
        {
            SocketError.AccessDenied => $"No permission to open {endpoint}: run the Collector as a user of the socket's group.",
            SocketError.ConnectionRefused => $"Nothing listens on {endpoint}: is the engine running?",
            SocketError.AddressNotAvailable or SocketError.HostNotFound => $"{endpoint} does not exist: set Engine:Endpoint (DOCKER_HOST) to where the engine listens.",
            _ when endpoint.Scheme == "unix" && !File.Exists(endpoint.AbsolutePath) => $"{endpoint} does not exist: is the engine running?",
            _ when Chain(fault).OfType<TimeoutException>().FirstOrDefault() is { } late => late.Message,
            _ when Chain(fault).OfType<IOException>().Any() => $"The engine at {endpoint} broke off the connection: is it still running?",
            _ => $"The engine at {endpoint} failed: {Chain(fault).Last().Message}",
        };
    }

    /// <summary>The engine's own words for what it would not do.</summary>
    public static string Message(DockerApiException refused) => EngineMessage.In(refused.ResponseBody ?? "", refused.StatusCode);

    private static IEnumerable<Exception> Chain(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
        {
            yield return fault;
        }
    }
}
