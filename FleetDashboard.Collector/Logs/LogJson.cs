using System.Buffers;
using System.Text;

namespace FleetDashboard.Collector.Logs;

/// <summary>
/// A container's bytes as the inside of a JSON string. The framework's writer refuses what is no UTF-8; here it becomes U+FFFD, because a
/// log
/// may hold anything and has to be shown.
/// </summary>
internal static class LogJson
{
    /// <summary>A byte becomes so many at most: <c>\u0000</c>.</summary>
    public const int LongestEscape = 6;

    private static readonly SearchValues<byte> Plain = SearchValues.Create([
        .. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (byte)code).Where(code => code is not ((byte)'"' or (byte)'\\')),
    ]);

    /// <summary>
    /// Escapes <paramref name="text"/> into <paramref name="output"/>, which has room for <see cref="LongestEscape"/> times as much; says
    /// how much it took.
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

            // Of what is no UTF-8, the replacement character comes back.
            Rune.DecodeFromUtf8(text, out var rune, out var used);
            written += rune.EncodeToUtf8(output[written..]);
            text = text[used..];
        }
    }

    /// <summary>What is between the time and the text of a line.</summary>
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
