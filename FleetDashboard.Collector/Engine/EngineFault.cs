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
            SocketError.AddressNotAvailable or SocketError.HostNotFound =>
                $"{endpoint} does not exist: set Engine:Endpoint (DOCKER_HOST) to where the engine listens.",
            _ when endpoint.Scheme == "unix" && !File.Exists(endpoint.AbsolutePath) => $"{endpoint} does not exist: is the engine running?",
            _ when Chain(fault).OfType<EngineTooOldException>().FirstOrDefault() is { } tooOld => tooOld.Message,
            _ when Chain(fault).OfType<EngineRefusal>().FirstOrDefault() is { } refusal => Sentence(refusal.Message),
            _ when Chain(fault).OfType<DockerApiException>().FirstOrDefault() is { } refused => Sentence(
                $"The engine answered {(int)refused.StatusCode}: {Message(refused)}"
            ),
            _ when Chain(fault).OfType<InvalidDataException>().FirstOrDefault() is { } strange => Sentence(strange.Message),
            _ when Chain(fault).OfType<System.Text.Json.JsonException>().Any() =>
                $"The engine at {endpoint} sent an answer that could not be read: is it a Docker engine?",
            _ when Chain(fault).OfType<TimeoutException>().FirstOrDefault() is { } late => late.Message,
            _ when Chain(fault).OfType<IOException>().Any() => $"The engine at {endpoint} broke off the connection: is it still running?",
            _ => Sentence($"The engine at {endpoint} failed: {Chain(fault).Last().Message}"),
        };
    }

    /// <summary>
    /// One line of limited length that ends with a full stop: what an engine, or a proxy before it, says may be anything.
    /// </summary>
    private static string Sentence(string text)
    {
        const int longest = 300;
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return EngineLimits.Cut(line, longest).TrimEnd('.') + ".";
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
