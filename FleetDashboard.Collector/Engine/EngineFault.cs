using System.Net.Sockets;
using System.Text.Json;

namespace FleetDashboard.Collector.Engine;

/// <summary>Describes in one sentence what is wrong with the engine, and what to check.</summary>
internal static class EngineFault
{
    /// <summary>The failure of any call to the engine, as a sentence.</summary>
    public static string Describe(Exception fault) =>
        Chain(fault).OfType<EngineException>().FirstOrDefault() is { } known ? Sentence(known.Message)
        : Chain(fault).OfType<InvalidDataException>().FirstOrDefault() is { } strange ? Sentence(strange.Message)
        : Chain(fault).OfType<JsonException>().Any() ? "The engine sent an answer that could not be read. Is it a Docker engine?"
        : Chain(fault).OfType<IOException>().Any() ? "The engine broke off the connection. Is it still running?"
        : Sentence(Chain(fault).Last().Message);

    /// <summary>The error for an engine that cannot be reached.</summary>
    public static EngineException Unreachable(Exception fault, Uri endpoint)
    {
        var socket = Chain(fault).OfType<SocketException>().FirstOrDefault();
        return new EngineException(
            socket?.SocketErrorCode switch
            {
                SocketError.AccessDenied => $"No permission to open {endpoint}. Run the Collector as a user of the socket's group.",
                SocketError.ConnectionRefused => $"Nothing listens on {endpoint}. Is the engine running?",
                SocketError.AddressNotAvailable or SocketError.HostNotFound =>
                    $"{endpoint} does not exist. Set Engine:Endpoint (DOCKER_HOST) to where the engine listens.",
                _ when endpoint.Scheme == "unix" && !File.Exists(endpoint.AbsolutePath) =>
                    $"{endpoint} does not exist. Is the engine running?",
                _ when Chain(fault).OfType<IOException>().Any() =>
                    $"The engine at {endpoint} broke off the connection. Is it still running?",
                _ => Sentence($"The engine at {endpoint} failed: {Chain(fault).Last().Message}"),
            },
            fault
        );
    }

    // One line of limited length that ends with a full stop or a question mark: an engine, or a proxy before it, can send any text.
    private static string Sentence(string text)
    {
        const int longest = 300;
        var line = EngineLimits.Cut(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), longest);
        return line.EndsWith('?') ? line : line.TrimEnd('.') + ".";
    }

    private static IEnumerable<Exception> Chain(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
        {
            yield return fault;
        }
    }
}
