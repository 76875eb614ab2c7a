using System.Text.Json;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// Reads the engine's events. A line that is malformed or too long is skipped and reported. With the client library one such line ended the
/// stream, and the reopened stream began with the same line.
/// </summary>
internal static class EventStream
{
    private const int MostDepth = 16;

    /// <summary>Reads until the stream ends.</summary>
    /// <param name="body">The answer to <c>GET /events</c>.</param>
    /// <param name="clock">Translates the engine's times.</param>
    /// <param name="report">Receives each event, in order. Must be quick.</param>
    /// <param name="missed">Called for each line that could not be read: the list must then show what changed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task ReadAsync(
        Stream body,
        EngineClock clock,
        Action<EngineEvent> report,
        Action missed,
        CancellationToken cancellationToken
    )
    {
        await foreach (var line in JsonLines.ReadAsync(body, EngineLimits.EventBytes, cancellationToken))
        {
            if (Map(line, clock) is { } what)
            {
                report(what);
            }
            else
            {
                missed();
            }
        }
    }

    private static EngineEvent? Map(ReadOnlyMemory<byte> line, EngineClock clock)
    {
        try
        {
            using var json = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = MostDepth });
            return EventMapper.Map(json.RootElement, clock);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
