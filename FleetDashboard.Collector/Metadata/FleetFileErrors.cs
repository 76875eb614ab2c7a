using System.Collections.Immutable;

namespace FleetDashboard.Collector.Metadata;

/// <summary>Something in the file that cannot be meant so.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Column">Its column, from 1.</param>
/// <param name="Sentence">What was found and what was expected.</param>
internal sealed record FleetFileError(int Line, int Column, string Sentence)
{
    /// <summary>With the file and the line in front.</summary>
    public string In(string file) => $"{file} line {Line}: {Sentence}";
}

/// <summary>Collects what is wrong, so that all of it is told in one go; not more than anybody reads.</summary>
internal sealed class FleetFileErrors
{
    public const int Most = 20;

    private readonly List<FleetFileError> _all = [];

    public bool Any => _all.Count > 0;

    public void Add(YamlNode at, string sentence) => Add(at.Line, at.Column, sentence);

    public void Add(FleetFileError mistake) => _all.Add(mistake);

    public void Add(int line, int column, string sentence) => _all.Add(new FleetFileError(line, column, sentence));

    /// <summary>In the order of the file.</summary>
    public ImmutableArray<FleetFileError> ToImmutable()
    {
        var sorted = _all.OrderBy(mistake => mistake.Line).ThenBy(mistake => mistake.Column).ToList();
        return sorted.Count <= Most
            ? [.. sorted]
            :
            [
                .. sorted.Take(Most),
                sorted[Most] with
                {
                    Sentence = $"from here on {sorted.Count - Most} more mistakes, not told one by one.",
                },
            ];
    }
}
