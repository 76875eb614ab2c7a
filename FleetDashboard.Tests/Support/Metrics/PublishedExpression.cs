using System.Text.Json;
using System.Text.RegularExpressions;

namespace FleetDashboard.Tests.Support.Metrics;

/// <summary>
/// An expression published for cAdvisor, adapted so that it can be evaluated for this fleet: Grafana's variables set to "All", the author's
/// container names replaced by any, durations shortened. Metrics, other labels, joins and arithmetic are unchanged.
/// </summary>
/// <param name="Section">alerts or panels.</param>
/// <param name="Text">The expression.</param>
internal sealed partial record PublishedExpression(string Section, string Text)
{
    /// <summary>A condition on its kind that must hold for any containers.</summary>
    private static readonly HashSet<string> Meaning = ["state", "mode"];

    /// <summary>Every series selector in it.</summary>
    public IReadOnlyList<string> Selectors =>
        [
            .. Selector()
                .Matches(Grouping().Replace(Text, ""))
                .Select(match => match.Value)
                .Where(selector => !selector.StartsWith("container_label_", StringComparison.Ordinal))
                .Distinct(),
        ];

    /// <summary>The same expression without thresholds: it returns series whenever its operands match.</summary>
    public string WithoutThresholds =>
        Comparison().Replace(Text, match => match.Groups["matchers"].Success ? match.Value : match.Groups["sign"].Value + " bool ");

    /// <summary>Whether the expression returns nothing while all is well, regardless of thresholds.</summary>
    public bool IsSilentWhenWell =>
        Text.Contains("absent(", StringComparison.Ordinal) || Text.Contains(" unless ", StringComparison.Ordinal);

    public static string MetricOf(string selector) => selector.Split('{')[0];

    public static async Task<IReadOnlyList<PublishedExpression>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        using var all = JsonDocument.Parse(await File.ReadAllTextAsync(path, cancellationToken));
        return
        [
            .. all
                .RootElement.EnumerateArray()
                .Select(one => new PublishedExpression(
                    one.GetProperty("section").GetString()!,
                    Fill(one.GetProperty("expr").GetString()!)
                )),
        ];
    }

    private static string Fill(string expression)
    {
        // A recording rule of the author, from the previous rule in the same file.
        const string recorded = "(avg by (name)(container_spec_cpu_quota) / avg by (name)(container_spec_cpu_period))";
        var text = expression
            .Replace("cadvisor_container_cpu_limit", recorded, StringComparison.Ordinal)
            .Replace("${sum_without:csv}", "cpu", StringComparison.Ordinal)
            .Replace("offset 1m", "offset 3s", StringComparison.Ordinal)
            .Replace("[7d:1m]", "[1m:1s]", StringComparison.Ordinal);
        return Matcher()
            .Replace(
                Duration().Replace(text, "[30s$1"),
                match =>
                    Choose(match.Groups["label"].Value, match.Groups["value"].Value) is { } chosen
                        ? $"{match.Groups["label"].Value}=~\"{chosen}\""
                        : match.Value
            );
    }

    private static string? Choose(string label, string value) =>
        label switch
        {
            // The path depends on the engine's cgroup driver. CadvisorLabelsTests covers its forms.
            "id" => value == "/" ? null : ".*[0-9a-f]{64}.*",
            _ when value.Contains('$', StringComparison.Ordinal) => ".*",
            _ when value is "" or ".*" || Meaning.Contains(label) => null,
            _ => ".+",
        };

    [GeneratedRegex(@"\[\$(?:__range|__rate_interval|__interval|interval)\s*(\]|:)")]
    private static partial Regex Duration();

    [GeneratedRegex("""\b(?<label>\w+)\s*=~?\s*["](?<value>[^"]*)["]""")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\b(?:by|on|without|ignoring|group_left)\s*\([^)]*\)", RegexOptions.IgnoreCase)]
    private static partial Regex Grouping();

    // A pattern may contain a brace within quotes.
    [GeneratedRegex("""\b(?:container|machine|node|process)_\w+(?:\{(?:"[^"]*"|[^}"])*\})?|(?<!\w)\{(?:"[^"]*"|[^}"])*\}""")]
    private static partial Regex Selector();

    [GeneratedRegex("""(?<matchers>\{(?:"[^"]*"|[^}"])*\})|(?<sign>>=|<=|==|!=|>|<)(?:\s*bool\b)?""")]
    private static partial Regex Comparison();
}
