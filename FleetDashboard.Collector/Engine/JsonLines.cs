using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// Reads the engine's streams of JSON: events, pulls and builds send one object per line. Lines are limited in length, because registries,
/// Dockerfiles and labels decide their content.
/// </summary>
internal static class JsonLines
{
    private const int FirstBytes = 8 * 1024;

    /// <summary>
    /// Each line that is not empty. A line over the limit is returned as an empty one. The memory is valid until the next line is read.
    /// </summary>
    /// <param name="body">The stream.</param>
    /// <param name="longest">The most bytes of a line.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        Stream body,
        int longest,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
        try
        {
            var (filled, skipping) = (0, false);
            while (await body.ReadAsync(buffer.AsMemory(filled), cancellationToken) is > 0 and var count)
            {
                filled += count;
                var start = 0;
                while (buffer.AsSpan(start, filled - start).IndexOf((byte)'\n') is >= 0 and var length)
                {
                    var line = Trim(buffer.AsMemory(start, length));
                    if (!skipping && !line.IsEmpty)
                    {
                        yield return line;
                    }

                    (start, skipping) = (start + length + 1, false);
                }

                buffer.AsSpan(start, filled - start).CopyTo(buffer);
                filled -= start;
                if (filled == buffer.Length)
                {
                    if (filled >= longest)
                    {
                        yield return ReadOnlyMemory<byte>.Empty;
                        (filled, skipping) = (0, true);
                    }
                    else
                    {
                        buffer = Larger(buffer);
                    }
                }
            }

            // Behind some proxies the last line has no line feed.
            if (filled > 0 && !skipping && Trim(buffer.AsMemory(0, filled)) is { IsEmpty: false } last)
            {
                yield return last;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Each line as an object. Lines that are malformed or too long are left out.</summary>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        Stream body,
        int longest,
        JsonTypeInfo<T> type,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
        where T : class
    {
        await foreach (var line in ReadAsync(body, longest, cancellationToken))
        {
            if (Parse(line, type) is { } message)
            {
                yield return message;
            }
        }
    }

    private static T? Parse<T>(ReadOnlyMemory<byte> line, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return line.IsEmpty ? null : JsonSerializer.Deserialize(line.Span, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // White space, and the separator that begins a record in application/json-seq.
    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> line) => line.Trim(" \r\t\u001e"u8);

    private static byte[] Larger(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
