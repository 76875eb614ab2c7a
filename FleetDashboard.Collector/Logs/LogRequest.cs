using System.Collections.Immutable;
using System.ComponentModel;
using System.Globalization;
using System.Text;
using FleetDashboard.Collector.Engine;
using Microsoft.AspNetCore.Mvc;

namespace FleetDashboard.Collector.Logs;

/// <summary>The query parameters of a log request.</summary>
/// <param name="Tail">The number of newest lines, 0 to 1,000,000, or <c>all</c>. Default 500.</param>
/// <param name="Since">Only lines from this time on: RFC 3339, seconds since 1970, or a duration before now such as <c>15m</c>, <c>2h</c>,
/// <c>1d</c>.</param>
/// <param name="Until">Only lines up to this time, in the same formats. Not allowed with follow.</param>
/// <param name="Follow"><c>true</c> continues with new lines, as Server-Sent Events.</param>
/// <param name="Stream"><c>stdout</c>, <c>stderr</c> or <c>both</c>. Default both.</param>
internal readonly record struct LogQuery(
    [property: FromQuery(Name = "tail"), Description("The number of newest lines, 0 to 1,000,000, or 'all'. Default 500.")] string? Tail,
    [property:
        FromQuery(Name = "since"),
        Description("Only lines from this time on: RFC 3339, seconds since 1970, or a duration before now such as 15m, 2h, 1d.")
    ]
        string? Since,
    [property: FromQuery(Name = "until"), Description("Only lines up to this time, in the same formats. " + "Not allowed with follow.")]
        string? Until,
    [property: FromQuery(Name = "follow"), Description("'true' continues with new lines, as Server-Sent Events.")] string? Follow,
    [property: FromQuery(Name = "stream"), Description("'stdout', 'stderr' or 'both'. Default both.")] string? Stream
)
{
    public static readonly ImmutableArray<string> Names = ["tail", "since", "until", "follow", "stream"];
}

/// <summary>A validated log request.</summary>
/// <param name="Tail">The number of newest lines. Null for all.</param>
/// <param name="Since">Only lines from this time on, inclusive.</param>
/// <param name="Until">Only lines up to this time, inclusive.</param>
/// <param name="Follow">Whether to continue with new lines.</param>
/// <param name="Stdout">Include standard output.</param>
/// <param name="Stderr">Include standard error.</param>
internal sealed record LogRequest(int? Tail, LogTime? Since, LogTime? Until, bool Follow, bool Stdout, bool Stderr)
{
    public const int DefaultTail = 500;
    public const int MostTail = 1_000_000;

    /// <summary>
    /// Whether the engine filters lines after counting the tail. The number of received lines then says nothing about how many exist.
    /// </summary>
    public bool IsFiltered => Until is not null || !Stdout || !Stderr;

    public LogWindow Window(int? tail, LogTime? since, bool follow) => new(Stdout, Stderr, tail, since, Until, follow);

    /// <summary>Parses a query. Null, with a message, if it is invalid.</summary>
    public static LogRequest? Read(LogQuery query, DateTimeOffset now, out string mistake)
    {
        var request = new LogRequest(DefaultTail, null, null, Follow: false, Stdout: true, Stderr: true);
        (request, mistake) = ReadTail(request, query.Tail);
        if (mistake.Length == 0 && query.Since is { } since)
        {
            (request, mistake) = TryTime(since, now, out var time)
                ? (request with { Since = time }, "")
                : (request, BadTime("since", since));
        }

        if (mistake.Length == 0 && query.Until is { } until)
        {
            (request, mistake) = TryTime(until, now, out var time)
                ? (request with { Until = time }, "")
                : (request, BadTime("until", until));
        }

        if (mistake.Length == 0 && query.Follow is { } follow)
        {
            (request, mistake) = bool.TryParse(follow, out var follows)
                ? (request with { Follow = follows }, "")
                : (request, $"follow is '{Shown(follow)}'. Use true or false.");
        }

        if (mistake.Length == 0)
        {
            (request, mistake) = ReadStream(request, query.Stream);
        }

        mistake = mistake.Length == 0 ? Contradiction(request) : mistake;
        return mistake.Length == 0 ? request : null;
    }

    /// <summary>
    /// Parses a time: RFC 3339, seconds since 1970 with up to nine decimals, or a duration before now: <c>15m</c>, <c>1h30m</c>, <c>1d</c>.
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

        // A plus sign that was not URL-encoded arrives as a space.
        var text = Encoding.ASCII.GetBytes(value.Replace(' ', '+'));
        return LogTime.TryParse(text, out time) || TrySeconds(text, out time);
    }

    private static string Contradiction(LogRequest request) =>
        request switch
        {
            { Follow: true, Until: not null } => "follow and until cannot be combined. Remove one of them.",
            { Since: { } since, Until: { } until } when since > until => $"since ({since}) is after until ({until}). Swap them.",
            _ => "",
        };

    private static (LogRequest, string) ReadTail(LogRequest request, string? value) =>
        value switch
        {
            null => (request, ""),
            "all" => (request with { Tail = null }, ""),
            _ when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var tail) && tail <= MostTail => (
                request with
                {
                    Tail = tail,
                },
                ""
            ),
            _ => (
                request,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"tail is '{Shown(value)}'. Use a whole number from 0 to {MostTail:N0} without separators, or all."
                )
            ),
        };

    private static (LogRequest, string) ReadStream(LogRequest request, string? value) =>
        value switch
        {
            null or "both" => (request, ""),
            "stdout" => (request with { Stderr = false }, ""),
            "stderr" => (request with { Stdout = false }, ""),
            _ => (request, $"stream is '{Shown(value)}'. Use stdout, stderr or both."),
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
        const int mostDigits = 10; // enough until the year 2286
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
        $"{name} is '{Shown(value)}'. Use a time like 2026-11-23T08:00:05Z, seconds since 1970, or a duration before now like 15m, "
        + "2h or 1d.";

    private static string Shown(string value) => value.Length <= 40 ? value : value[..40] + "…";
}
