using System.Collections.Immutable;
using System.Text;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>The last raw lines of a job, limited in number and size. Not thread-safe.</summary>
internal sealed class JobLines
{
    public const int MaxLines = 2_000;
    public const int MaxCharacters = 256 * 1024;
    public const int MaxLine = 2_000;

    private readonly Queue<JobLine> _lines = new();
    private long _first;
    private int _characters;

    public void Add(JobLine line)
    {
        var kept = line with { Text = Clean(line.Text) };
        _lines.Enqueue(kept);
        _characters += kept.Text.Length;
        while (_lines.Count > MaxLines || _characters > MaxCharacters)
        {
            _characters -= _lines.Dequeue().Text.Length;
            _first++;
        }
    }

    /// <summary>The place from which on at most this many lines are kept.</summary>
    public long PlaceOfLast(int lines) => _first + Math.Max(0, _lines.Count - lines);

    /// <summary>The lines from a place on, and the place after them. One line says how many are no longer kept.</summary>
    public (ImmutableArray<JobLine> Lines, long Next) From(long place)
    {
        var next = _first + _lines.Count;
        if (place >= _first)
        {
            return ([.. _lines.Skip((int)(place - _first))], next);
        }

        var oldest = _lines.Peek();
        return ([oldest with { Text = $"… {_first - place} earlier lines are no longer kept" }, .. _lines], next);
    }

    // Registries and builds send arbitrary text: control characters are removed and long lines are cut.
    private static string Clean(string text)
    {
        var cut = text.Length > MaxLine ? text.AsSpan(0, MaxLine - 1) : text.AsSpan();
        var clean = new StringBuilder(cut.Length + 1);
        foreach (var rune in cut.EnumerateRunes())
        {
            clean.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return text.Length > MaxLine ? clean.Append('…').ToString() : clean.ToString().TrimEnd();
    }
}
