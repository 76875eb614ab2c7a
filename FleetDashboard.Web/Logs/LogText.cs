using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FleetDashboard.Web.Logs;

/// <summary>
/// A Collector's stream as a text file: time, container and text of each line. Escapes are left out and other control characters shown, so that
/// to look at the file in a terminal does no more than to look at it on the page.
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

    private static string Parse(string eventType, ReadOnlySpan<byte> data) => eventType switch
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

    // What is said of the log is told from what it says. That the lines asked for are all told is nothing to say.
    private static string Note(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        using var note = JsonDocument.ParseValue(ref reader);
        return TextOf(note, "reason") == "finished" || TextOf(note, "text") is not { Length: > 0 } text
            ? ""
            : string.Join(' ', new[] { "#", TextOf(note, "at"), TextOf(note, "container"), Plain(text) }.Where(part => part.Length > 0)) + '\n';
    }

    private static string TextOf(JsonDocument document, string name) =>
        document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>Without escapes, and without anything else that would act instead of being seen.</summary>
    internal static string Plain(string text)
    {
        var bare = Escapes().Replace(text, "").TrimEnd('\r');
        return string.Create(bare.Length, bare, static (span, source) =>
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
        });
    }

    // CSI; OSC, DCS, SOS, PM and APC to their end or the line's; any other two characters; the same and all the rest in eight bits.
    [GeneratedRegex("""(?:\e\[|\u009b)[0-?]*[ -/]*[@-~]?|(?:\e[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\e\u009c]*(?:\u0007|\e\\|\u009c|$)?|\e[ -/]*[0-~]?|[\u0080-\u009f]""")]
    private static partial Regex Escapes();
}
