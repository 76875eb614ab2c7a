using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FleetDashboard.Web.Logs;

/// <summary>
/// Writes a Collector's stream as a text file: time, container and text of each line. Escape sequences are removed and other control
/// characters made visible, so that printing the file in a terminal is as safe as viewing it on the page.
/// </summary>
internal static partial class LogText
{
    private const int FlushAt = 32 * 1024;
    private const char ControlPictures = '\u2400';
    private const char DeletePicture = '\u2421';

    public static async Task WriteAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        await foreach (var item in SseParser.Create(from, Parse).EnumerateAsync(cancellationToken))
        {
            text.Append(item.Data);
            if (text.Length >= FlushAt)
            {
                await FlushAsync(text, to, cancellationToken);
            }
        }
        await FlushAsync(text, to, cancellationToken);
    }

    private static async Task FlushAsync(StringBuilder text, Stream to, CancellationToken cancellationToken)
    {
        await to.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
        await to.FlushAsync(cancellationToken);
        text.Clear();
    }

    private static string Parse(string eventType, ReadOnlySpan<byte> data) =>
        eventType switch
        {
            "line" => Line(data),
            "mark" or "end" => Note(data),
            _ => "",
        };

    private static string Line(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        using var line = JsonDocument.ParseValue(ref reader);
        return $"{TextOf(line, "at")} {TextOf(line, "container")} {Plain(TextOf(line, "text"))}\n";
    }

    // Our own notes start with '#', so they cannot be mistaken for log output. A normal end of the stream gets no note.
    private static string Note(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        using var note = JsonDocument.ParseValue(ref reader);
        return TextOf(note, "reason") == "finished" || TextOf(note, "text") is not { Length: > 0 } text
            ? ""
            : string.Join(' ', new[] { "#", TextOf(note, "at"), TextOf(note, "container"), Plain(text) }.Where(part => part.Length > 0))
                + '\n';
    }

    private static string TextOf(JsonDocument document, string name) =>
        document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>
    /// The text as the page shows it (<c>wwwroot/logs/ansi.js</c> does the same): without escape sequences, and with every other control
    /// character made visible.
    /// </summary>
    internal static string Plain(string text)
    {
        var bare = Tokens()
            .Replace(
                LogOvertyping.FinalState(text, Tokens()),
                static token => token.Length == 1 && token.Value[0] is < '\u0080' and not '\e' ? token.Value : ""
            );
        return string.Create(
            bare.Length,
            bare,
            static (span, source) =>
            {
                for (var i = 0; i < span.Length; i++)
                {
                    span[i] = source[i] switch
                    {
                        '\t' => '\t',
                        < ' ' => (char)(ControlPictures + source[i]),
                        '\u007f' => DeletePicture,
                        var c => c,
                    };
                }
            }
        );
    }

    // In this order: CSI sequences; strings that end with BEL or ST, or with the line; any other escape sequence; complete sequences that
    // start with an 8-bit control; that control alone; other control characters. In practice an 8-bit control is usually half of a
    // quotation mark that was decoded twice. What follows it is kept, unless it is a complete sequence. Each pattern has a length limit.
    [GeneratedRegex(
        """
            \e\[[0-?]{0,64}[\u0020-/]{0,8}[@-~]?
            |\e[\]PX^_](?:[^\u0007\e\u009c]{0,4096}(?:\u0007|\e\\|\u009c|\z|(?=\e)))?|\e[\u0020-/]{0,8}[0-~]?
            |\u009b[0-9;:]{0,64}m|\u009b(?:\?[0-9;]{1,64}[hl]|[0-9;]{1,64}[A-HJKf])
            |\u009d[0-9]{1,4};[^\u0007\e\u009c]{0,1024}(?:\u0007|\u009c)|[\u0080-\u009f]
            |[\u0000-\u0008\u000a-\u001f\u007f]
            """,
        RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Tokens();
}
