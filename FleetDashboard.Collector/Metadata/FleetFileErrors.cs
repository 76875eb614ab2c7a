using System.Collections.Immutable;

namespace FleetDashboard.Collector.Metadata;

/// <summary>An error in fleet.yaml.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Column">Its column, from 1.</param>
/// <param name="Sentence">What was found and what was expected.</param>
internal sealed record FleetFileError(int Line, int Column, string Sentence)
{
    /// <summary>The error with the file name and the line number.</summary>
    public string In(string file) => $"{file} line {Line}: {Sentence}";
}

/// <summary>Collects the errors of a file, so that they are reported together. At most 20 are reported.</summary>
internal sealed class FleetFileErrors
{
    public const int Most = 20;

    private readonly List<FleetFileError> _all = [];

    public bool Any => _all.Count > 0;

    public void Add(LocatedNode at, string sentence) => Add(at.Line, at.Column, sentence);

    public void Add(FleetFileError error) => _all.Add(error);

    public void Add(int line, int column, string sentence) => _all.Add(new FleetFileError(line, column, sentence));

    /// <summary>The errors in the order of their lines.</summary>
    public ImmutableArray<FleetFileError> ToImmutable()
    {
        var sorted = _all.OrderBy(error => error.Line).ThenBy(error => error.Column).ToList();
        return sorted.Count <= Most
            ? [.. sorted]
            :
            [
                .. sorted.Take(Most),
                sorted[Most] with
                {
                    Sentence = $"from here on {sorted.Count - Most} more errors follow. Fix these first.",
                },
            ];
    }
}
