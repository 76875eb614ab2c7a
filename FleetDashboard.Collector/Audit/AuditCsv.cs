using System.Buffers;
using System.Globalization;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Audit;

/// <summary>Records as lines of comma-separated values (RFC 4180) that a spreadsheet takes for text, whatever they begin with.</summary>
internal static class AuditCsv
{
    public const string Header =
        "sequence,at,user,subject,role,source,action,app,container,containerId,phase,outcome,reason,job,imageBefore,imageAfter,durationMs,previousHash,hash\r\n";

    // A spreadsheet runs what begins with one of these as a formula.
    private static readonly SearchValues<char> Formula = SearchValues.Create("=+-@\t\r\n");

    public static string Line(AuditRecord record) => string.Join(',', ((ReadOnlySpan<string?>)
    [
        Number(record.Sequence), CanonicalForm.Time(record.At), record.User, record.Subject, record.Role, record.Source, record.Action, record.App,
        record.Container, record.ContainerId, record.Phase, record.Outcome, record.Reason, record.Job, record.ImageBefore, record.ImageAfter,
        Number(record.DurationMs), record.PreviousHash, record.Hash,
    ]).ToArray().Select(Cell)) + "\r\n";

    internal static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var harmless = Formula.Contains(text[0]) ? "'" + text : text;
        return harmless.AsSpan().IndexOfAny("\",\r\n") < 0 && harmless == text ? text : $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string? Number(long? value) => value?.ToString(CultureInfo.InvariantCulture);
}
