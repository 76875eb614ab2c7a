using System.Buffers;
using System.Text.Json;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// Takes the engine's events apart, one JSON object a line. A line that is malformed or too long is skipped and reported: with the client library
/// one such line ended the stream, and the reopened stream began with the same line.
/// </summary>
internal static class EventStream
{
    /// <summary>Reads until the stream ends.</summary>
    /// <param name="body">The answer to <c>GET /events</c>.</param>
    /// <param name="clock">Translates the engine's times.</param>
    /// <param name="report">Receives each event, in order. Must be quick.</param>
    /// <param name="missed">Called for each line that could not be read: what it said has to be found by the list.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task ReadAsync(Stream body, EngineClock clock, Action<EngineEvent> report, Action missed, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(EngineLimits.EventBytes);
        try
        {
            var (filled, skipping) = (0, false);
            while (await body.ReadAsync(buffer.AsMemory(filled), cancellationToken) is > 0 and var count)
            {
                filled += count;
                var start = 0;
                while (buffer.AsSpan(start, filled - start).IndexOf((byte)'\n') is >= 0 and var length)
                {
                    if (!skipping)
                    {
                        Take(buffer.AsMemory(start, length), clock, report, missed);
                    }

                    (start, skipping) = (start + length + 1, false);
                }

                buffer.AsSpan(start, filled - start).CopyTo(buffer);
                filled -= start;
                if (filled == buffer.Length)
                {
                    missed();
                    (filled, skipping) = (0, true);
                }
            }

            // Some proxies end the last line with the stream.
            if (filled > 0 && !skipping)
            {
                Take(buffer.AsMemory(0, filled), clock, report, missed);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Take(ReadOnlyMemory<byte> line, EngineClock clock, Action<EngineEvent> report, Action missed)
    {
        if (line.Span.Trim(" \r\t\u001e"u8).IsEmpty)
        {
            return;
        }

        EngineEvent? what;
        try
        {
            using var json = JsonDocument.Parse(line.TrimStart((byte)0x1e), new JsonDocumentOptions { MaxDepth = 16 });
            what = EventMapper.Map(json.RootElement, clock);
        }
        catch (JsonException)
        {
            missed();
            return;
        }

        if (what is null)
        {
            missed();
        }
        else
        {
            report(what);
        }
    }
}
