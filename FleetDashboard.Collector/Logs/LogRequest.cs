using System.Collections.Immutable;
using System.ComponentModel;
using System.Globalization;
using System.Text;
using FleetDashboard.Collector.Engine;
using Microsoft.AspNetCore.Mvc;

namespace FleetDashboard.Collector.Logs;

/// <summary>A question as it comes in.</summary>
/// <param name="Tail">The newest so many lines, 0 to 1,000,000, or <c>all</c>; 500 by default.</param>
/// <param name="Since">From then on: RFC 3339, seconds since 1970, or a duration back from now such as <c>15m</c>, <c>2h</c>,
/// <c>1d</c>.</param>
/// <param name="Until">Until then, likewise; not while following.</param>
/// <param name="Follow"><c>true</c> goes on with what is printed from now on, as Server-Sent Events.</param>
/// <param name="Stream"><c>stdout</c>, <c>stderr</c> or <c>both</c>, the default.</param>
internal readonly record struct LogQuery(
    [property: FromQuery(Name = "tail"), Description("The newest so many lines, 0 to 1,000,000, or 'all'; 500 by default.")] string? Tail,
    [property:
        FromQuery(Name = "since"),
        Description("From then on: RFC 3339, seconds since 1970, or a duration back from now such as 15m, 2h, 1d.")
    ]
        string? Since,
    [property: FromQuery(Name = "until"), Description("Until then, in the same forms; not while following.")] string? Until,
    [property: FromQuery(Name = "follow"), Description("'true' goes on with what is printed from now on, as Server-Sent Events.")]
        string? Follow,
    [property: FromQuery(Name = "stream"), Description("'stdout', 'stderr' or 'both', the default.")] string? Stream
)
{
    public static readonly ImmutableArray<string> Names = ["tail", "since", "until", "follow", "stream"];
}

/// <summary>What a caller wants of a log.</summary>
/// <param name="Tail">The newest so many lines of what the rest selects; null for all.</param>
/// <param name="Since">From then on, inclusive.</param>
/// <param name="Until">Until then, inclusive.</param>
/// <param name="Follow">Goes on with what is printed from now on.</param>
/// <param name="Stdout">With the standard output.</param>
/// <param name="Stderr">With the standard error.</param>
internal sealed record LogRequest(int? Tail, LogTime? Since, LogTime? Until, bool Follow, bool Stdout, bool Stderr)
{
    public const int DefaultTail = 500;
    public const int MostTail = 1_000_000;

    /// <summary>
    /// True where the engine leaves lines out after it has counted the tail: how many come then says nothing of how many there are.
    /// </summary>
    public bool IsFiltered => Until is not null || !Stdout || !Stderr;

    public LogWindow Window(int? tail, LogTime? since, bool follow) => new(Stdout, Stderr, tail, since, Until, follow);

    /// <summary>Reads a query; null, and a sentence, where it is not understood.</summary>
    public static LogRequest? Read(LogQuery query, DateTimeOffset now, out string mistake)
    {
        var question = new LogRequest(DefaultTail, null, null, Follow: false, Stdout: true, Stderr: true);
        (question, mistake) = ReadTail(question, query.Tail);
        if (mistake.Length == 0 && query.Since is { } since)
        {
            (question, mistake) = TryTime(since, now, out var time)
                ? (question with { Since = time }, "")
                : (question, BadTime("since", since));
        }

        if (mistake.Length == 0 && query.Until is { } until)
        {
            (question, mistake) = TryTime(until, now, out var time)
                ? (question with { Until = time }, "")
                : (question, BadTime("until", until));
        }

        if (mistake.Length == 0 && query.Follow is { } follow)
        {
            (question, mistake) = bool.TryParse(follow, out var follows)
                ? (question with { Follow = follows }, "")
                : (question, $"follow is '{Shown(follow)}': give true or false.");
        }

        if (mistake.Length == 0)
        {
            (question, mistake) = ReadStream(question, query.Stream);
        }

        mistake = mistake.Length == 0 ? Contradiction(question) : mistake;
        return mistake.Length == 0 ? question : null;
    }

    /// <summary>
    /// A moment as RFC 3339, as seconds since 1970 with up to nine digits of fraction, or as a duration back from now: <c>15m</c>,
    /// <c>1h30m</c>, <c>1d</c>.
    /// </summary>
    internal static bool TryTime(string value, DateTimeOffset now, out LogTime time)
    {
        time = default;
        const int longest = 40;
        if (value.Length is 0 or > longest || !Ascii.IsValid(value))
        {
            return false;
        }

        if (TryBack(value, out var back))
        {
            var earliest = now - DateTimeOffset.UnixEpoch;
            time = new LogTime(now - (back < earliest ? back : earliest));
            return true;
        }

        // A plus sign that was not encoded arrives as a space.
        var text = Encoding.ASCII.GetBytes(value.Replace(' ', '+'));
        return LogTime.TryParse(text, out time) || TrySeconds(text, out time);
    }

    private static string Contradiction(LogRequest question) =>
        question switch
        {
            { Follow: true, Until: not null } => "follow and until exclude each other: leave one of them out.",
            { Since: { } since, Until: { } until } when since > until => $"since ({since}) is after until ({until}): exchange them.",
            _ => "",
        };

    private static (LogRequest, string) ReadTail(LogRequest question, string? value) =>
        value switch
        {
            null => (question, ""),
            "all" => (question with { Tail = null }, ""),
            _ when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var tail) && tail <= MostTail => (
                question with
                {
                    Tail = tail,
                },
                ""
            ),
            _ => (
                question,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"tail is '{Shown(value)}': give a whole number from 0 to {MostTail:N0} without separators, or all."
                )
            ),
        };

    private static (LogRequest, string) ReadStream(LogRequest question, string? value) =>
        value switch
        {
            null or "both" => (question, ""),
            "stdout" => (question with { Stderr = false }, ""),
            "stderr" => (question with { Stdout = false }, ""),
            _ => (question, $"stream is '{Shown(value)}': give stdout, stderr or both."),
        };

    private static bool TryBack(string value, out TimeSpan back)
    {
        back = TimeSpan.Zero;
        const int mostDigits = 9;
        const long longest = 100L * 365 * 86_400;
        var (number, digits, total) = (0L, 0, 0L);
        foreach (var letter in value)
        {
            if (char.IsAsciiDigit(letter) && digits < mostDigits)
            {
                (number, digits) = ((number * 10) + (letter - '0'), digits + 1);
                continue;
            }

            var seconds = letter switch
            {
                's' => 1,
                'm' => 60,
                'h' => 3600,
                'd' => 86_400,
                _ => 0,
            };
            if (seconds == 0 || digits == 0)
            {
                return false;
            }

            total = Math.Min(longest, total + (number * seconds));
            (number, digits) = (0, 0);
        }

        back = TimeSpan.FromSeconds(total);
        return digits == 0;
    }

    private static bool TrySeconds(ReadOnlySpan<byte> text, out LogTime time)
    {
        time = default;
        const int mostDigits = 10; // Until the year 2286.
        var point = text.IndexOf((byte)'.');
        var whole = point < 0 ? text : text[..point];
        var rest = point < 0 ? [] : text[point..];
        if (
            whole.Length is 0 or > mostDigits
            || whole.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0
            || !LogTime.TryFraction(ref rest, out var fraction)
            || !rest.IsEmpty
        )
        {
            return false;
        }

        time = new LogTime((long.Parse(whole, NumberStyles.None, CultureInfo.InvariantCulture) * 1_000_000_000) + fraction);
        return true;
    }

    private static string BadTime(string name, string value) =>
        $"{name} is '{Shown(value)}': give a time like 2026-11-23T08:00:05Z, seconds since 1970, or a duration back from now like 15m, "
        + "2h or 1d.";

    private static string Shown(string value) => value.Length <= 40 ? value : value[..40] + "…";
}
