using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>The last raw lines of one job, for all who have them open. Safe from any thread.</summary>
internal sealed class JobLog
{
    public const int LinesKept = 300;

    private readonly Lock _gate = new();
    private readonly Queue<JobLine> _lines = new();
    private ImmutableArray<JobLine>? _copy;

    /// <summary>The same array until there is another line.</summary>
    public ImmutableArray<JobLine> Lines
    {
        get
        {
            using var _ = _gate.EnterScope();
            return _copy ??= [.. _lines];
        }
    }

    public void Add(JobLine line)
    {
        using var _ = _gate.EnterScope();
        _lines.Enqueue(line);
        if (_lines.Count > LinesKept)
        {
            _lines.Dequeue();
        }
        _copy = null;
    }

    /// <summary>A stream that is opened anew tells everything from the beginning.</summary>
    public void Clear()
    {
        using var _ = _gate.EnterScope();
        _lines.Clear();
        _copy = null;
    }
}
