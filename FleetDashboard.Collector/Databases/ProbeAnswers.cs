using System.Collections.Immutable;
using System.Globalization;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Sampling;

namespace FleetDashboard.Collector.Databases;

/// <summary>
/// Interprets the output of a size query. The output itself is never shown: it comes from the container, and may hold secrets.
/// </summary>
internal static class ProbeAnswers
{
    /// <summary>The most databases of a container that are listed by name. The smaller ones are summed up.</summary>
    public const int MostNamed = 100;

    private const string RedisSize = "used_memory:";

    private const string NotBelievable = "its size is not believable";

    /// <summary>The longest name of a database.</summary>
    private const int NameLength = 128;

    // The order counts: output about a refused password also has the text for a missing one.
    private static readonly (string Text, string Error, bool StartsUp)[] Meanings =
    [
        ("WRONGPASS", "password refused", false),
        ("invalid password", "password refused", false),
        ("using password: NO", "password required, none found in its environment", false),
        ("no password supplied", "password required, none found in its environment", false),
        ("NOAUTH", "password required, none found in its environment", false),
        ("requires authentication", "password required, none found in its environment", false),
        ("password authentication failed", "password refused", false),
        ("Access denied", "password refused", false),
        ("authentication failed", "password refused", false),
        ("does not exist", "user or database not known to the server", false),
        ("starting up", "not ready yet", true),
        ("shutting down", "not ready yet", true),
        ("LOADING", "not ready yet", true),
        ("statement timeout", "took too long to add up", false),
        ("max_statement_time", "took too long to add up", false),
        ("maximum statement execution time", "took too long to add up", false),
        ("too many", "no connection free", false),
        ("connect", "no server answers inside", true),
    ];

    public static DatabaseReading Read(string kind, ExecAnswer answer, TimeSpan limit, DateTimeOffset at)
    {
        if (Failure(kind, answer, limit) is { } failure)
        {
            return DatabaseReading.Failed(at, failure);
        }

        var databases =
            kind is "redis" or "valkey" ? Memory(answer.Output)
            : answer.ExitCode == 0 ? Lines(answer)
            : null;
        if (databases is { } known)
        {
            return new DatabaseReading(at, Largest(known), null);
        }

        var output = $"{answer.Errors}\n{answer.Output}";
        var (text, error, startsUp) = Meanings.FirstOrDefault(meaning => output.Contains(meaning.Text, StringComparison.OrdinalIgnoreCase));
        return DatabaseReading.Failed(at, text is null ? $"the client failed (exit {answer.ExitCode})" : error, startsUp);
    }

    // The exit codes of guard.sh, and of a missing shell.
    private static string? Failure(string kind, ExecAnswer answer, TimeSpan limit) =>
        answer.ExitCode switch
        {
            81 => $"no {DatabaseProbe.Find(kind)?.Client} in the image",
            82 => $"no answer within {(int)limit.TotalSeconds} s",
            83 => "password file not readable",
            84 => "user name not usable",
            126 or 127 => "no shell in the image",
            _ => null,
        };

    // "8712345 billing", "16384<tab>shop"; "-" where the server refuses to show the size.
    private static ImmutableArray<MeasuredDatabase>? Lines(ExecAnswer answer)
    {
        var lines = answer.Output.Split('\n');
        var databases = ImmutableArray.CreateBuilder<MeasuredDatabase>();
        foreach (var line in answer.Truncated ? lines.AsSpan(..^1) : lines.AsSpan())
        {
            var end = line.AsSpan().IndexOfAny(' ', '\t');
            if (end > 0 && line.AsSpan(end + 1).TrimEnd("\r") is { Length: > 0 } name)
            {
                databases.Add(Measured(EngineLimits.Cut(name.ToString(), NameLength), line.AsSpan(0, end)));
            }
        }

        return databases.ToImmutable();
    }

    private static ImmutableArray<MeasuredDatabase>? Memory(string output)
    {
        foreach (var line in output.AsSpan().EnumerateLines())
        {
            if (
                line.StartsWith(RedisSize)
                && Measured("memory", line[RedisSize.Length..]) is var measured
                && (measured.Bytes is not null || measured.Why is not null)
            )
            {
                return [measured];
            }
        }

        return null;
    }

    private static ImmutableArray<MeasuredDatabase> Largest(ImmutableArray<MeasuredDatabase> databases)
    {
        ImmutableArray<MeasuredDatabase> ordered =
        [
            .. databases.OrderByDescending(database => database.Bytes ?? -1).ThenBy(database => database.Name, StringComparer.Ordinal),
        ];
        return ordered.Length <= MostNamed
            ? ordered
            :
            [
                .. ordered[..MostNamed],
                new MeasuredDatabase(
                    $"{ordered.Length - MostNamed} smaller ones",
                    KnownSum.OfBytes(ordered[MostNamed..], database => database.Bytes)
                ),
            ];
    }

    // A client in a hostile image can print anything. Two sizes near the end of the range once stopped the snapshot of the whole fleet.
    private static MeasuredDatabase Measured(string name, ReadOnlySpan<char> text)
    {
        var digits = text.Trim();
        return digits.IsEmpty || digits.IndexOfAnyExceptInRange('0', '9') >= 0 ? new MeasuredDatabase(name, null)
            : long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= EngineLimits.Bytes
                ? new MeasuredDatabase(name, number)
            : new MeasuredDatabase(name, null, NotBelievable);
    }
}
