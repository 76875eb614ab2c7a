using System.Buffers;
using System.Text;

namespace FleetDashboard.Collector.Logs;

/// <summary>
/// Writes a container's bytes as the content of a JSON string. Utf8JsonWriter throws on invalid UTF-8. Here it becomes U+FFFD, because a
/// log may contain any bytes and must still be shown.
/// </summary>
internal static class LogJson
{
    /// <summary>The most bytes that one byte becomes: <c>\u0000</c>.</summary>
    public const int LongestEscape = 6;

    private static readonly SearchValues<byte> Plain = SearchValues.Create([
        .. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (byte)code).Where(code => code is not ((byte)'"' or (byte)'\\')),
    ]);

    /// <summary>
    /// Escapes <paramref name="text"/> into <paramref name="output"/>, which must be <see cref="LongestEscape"/> times as long. Returns the
    /// number of bytes written.
    /// </summary>
    public static int Escape(ReadOnlySpan<byte> text, Span<byte> output)
    {
        var written = 0;
        while (true)
        {
            var plain = text.IndexOfAnyExcept(Plain);
            var run = plain < 0 ? text : text[..plain];
            run.CopyTo(output[written..]);
            written += run.Length;
            if (plain < 0)
            {
                return written;
            }

            text = text[plain..];
            if (text[0] < 0x80)
            {
                written += EscapeAscii(text[0], output[written..]);
                text = text[1..];
                continue;
            }

            // For invalid UTF-8, this decodes to the replacement character.
            Rune.DecodeFromUtf8(text, out var rune, out var used);
            written += rune.EncodeToUtf8(output[written..]);
            text = text[used..];
        }
    }

    /// <summary>The JSON between the time and the text of a line.</summary>
    public static byte[] Head(string container, string stream)
    {
        var name = Encoding.UTF8.GetBytes(container);
        var escaped = new byte[name.Length * LongestEscape];
        var length = Escape(name, escaped);
        return
        [
            .. "\",\"container\":\""u8,
            .. escaped.AsSpan(0, length),
            .. "\",\"stream\":\""u8,
            .. Encoding.ASCII.GetBytes(stream),
            .. "\",\"text\":\""u8,
        ];
    }

    private static int EscapeAscii(byte code, Span<byte> output)
    {
        var shortForm = code switch
        {
            (byte)'"' => (byte)'"',
            (byte)'\\' => (byte)'\\',
            (byte)'\t' => (byte)'t',
            (byte)'\r' => (byte)'r',
            (byte)'\n' => (byte)'n',
            _ => default,
        };
        if (shortForm != default)
        {
            (output[0], output[1]) = ((byte)'\\', shortForm);
            return 2;
        }

        "\\u00"u8.CopyTo(output);
        (output[4], output[5]) = (Hex(code >> 4), Hex(code & 15));
        return LongestEscape;

        static byte Hex(int digit) => (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
}
