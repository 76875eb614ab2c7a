using System.Globalization;
using System.Text.RegularExpressions;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Audit;

/// <summary>Writes records as comma-separated values (RFC 4180), such that a spreadsheet treats every cell as text.</summary>
internal static partial class AuditCsv
{
    public const string Header =
        "sequence,at,user,subject,role,source,action,app,container,containerId,"
        + "phase,outcome,reason,job,imageBefore,imageAfter,durationMs,previousHash,hash\r\n";

    // A spreadsheet runs a cell that starts with one of these characters as a formula. The full-width forms count too.
    private const string Signs = "=+\\-@\uff1d\uff0b\uff0d\uff20";

    public static string Line(AuditRecord record) =>
        string.Join(
            ',',
            (
                (ReadOnlySpan<string?>)
                    [
                        Number(record.Sequence),
                        CanonicalForm.Time(record.At),
                        record.User,
                        record.Subject,
                        record.Role,
                        record.Source,
                        record.Action,
                        record.App,
                        record.Container,
                        record.ContainerId,
                        record.Phase,
                        record.Outcome,
                        record.Reason,
                        record.Job,
                        record.ImageBefore,
                        record.ImageAfter,
                        Number(record.DurationMs),
                        record.PreviousHash,
                        record.Hash,
                    ]
            )
                .ToArray()
                .Select(Cell)
        ) + "\r\n";

    internal static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var shown = Unseen().Replace(text, "\ufffd");
        var lead = FirstFormula().Match(shown).Length;
        var rest = InnerFormula().Replace(shown[lead..], "'");
        var harmless = lead > 0 ? $"'{shown[..lead]}{rest}" : rest;
        return harmless.AsSpan().IndexOfAny("\",\r\n") < 0 && harmless == text
            ? text
            : $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    // Some programs remove spaces and quotes before such a character.
    [GeneratedRegex($"^(?:[\\t\\r\\n]|[\\s\"'\u2018-\u201d]*[{Signs}])")]
    private static partial Regex FirstFormula();

    // A spreadsheet that is set to another separator than the comma splits a cell there, and the second half starts a new cell.
    [GeneratedRegex($"(?<=[;|\\t\\r\\n][\\s\"']*)(?=[{Signs}])")]
    private static partial Regex InnerFormula();

    // Bidirectional overrides and invisible characters make one record look like another. The zero-width joiner is kept, because emojis
    // need it.
    [GeneratedRegex("(?!\u200d)[\\p{Cf}\\p{Zl}\\p{Zp}]")]
    private static partial Regex Unseen();

    private static string? Number(long? value) => value?.ToString(CultureInfo.InvariantCulture);
}
