using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Sampling;

/// <summary>
/// The last hour in steps of ten seconds, in 9 KB of memory. Each step has the mean of its readings. Safe to read while it is written.
/// </summary>
internal sealed class HistoryRing
{
    public const int StepSeconds = 10;
    public const int Steps = 360;
    private const int Columns = 6;

    /// <summary>A reading that is older than this many steps is not late: the clock was set back.</summary>
    private const int LateSteps = 6;
    private const int TrendPoints = Steps / 6;

    private readonly Lock _gate = new();
    private readonly float[] _values = new float[Steps * Columns];
    private long _newest = -1;
    private int _count; // Readings in the newest step.
    private Trend? _trend;
    private long _trendStep = -1;

    public HistoryRing() => Array.Fill(_values, float.NaN);

    /// <summary>Adds one reading. Values that were not measured are null.</summary>
    /// <remarks>
    /// Rates are means since the last reading. At a slow pace a reading also fills the steps before it. A reading that was due and did not
    /// come leaves a gap.
    /// </remarks>
    public void Add(
        DateTimeOffset at,
        double? cpu,
        double? memory,
        double? receive,
        double? send,
        double? blockRead,
        double? blockWrite,
        TimeSpan pace = default
    )
    {
        var step = Math.Max(0, at.ToUnixTimeSeconds() / StepSeconds);
        using var _ = _gate.EnterScope();
        if (step < _newest - LateSteps)
        {
            Clear(); // The clock was set back: waiting for it to catch up could take hours without a history.
        }
        else if (step < _newest)
        {
            return;
        }

        var before = _newest;
        if (step > _newest)
        {
            Advance(step);
        }

        _count++;
        var row = Row(step);
        Mix(ref row[0], cpu);
        Mix(ref row[1], memory);
        Mix(ref row[2], receive);
        Mix(ref row[3], send);
        Mix(ref row[4], blockRead);
        Mix(ref row[5], blockWrite);

        const double late = 1.5;
        if (before >= 0 && cpu is not null && (step - before - 1) * StepSeconds <= pace.TotalSeconds * late)
        {
            for (var between = Math.Max(before + 1, step - Steps + 1); between < step; between++)
            {
                row.CopyTo(Row(between));
            }
        }
    }

    public void Add(Stats stats, TimeSpan pace = default) =>
        Add(
            stats.SampledAt,
            stats.CpuCores,
            stats.MemoryBytes,
            stats.ReceiveRate,
            stats.SendRate,
            stats.BlockReadRate,
            stats.BlockWriteRate,
            pace
        );

    /// <summary>The hour up to the newest step.</summary>
    public History ToHistory()
    {
        using var _ = _gate.EnterScope();
        var first = _newest - Steps + 1;
        return new History(
            DateTimeOffset.FromUnixTimeSeconds(Math.Max(0, first) * StepSeconds),
            StepSeconds,
            Column(0),
            Column(1),
            Column(2),
            Column(3),
            Column(4),
            Column(5)
        );

        ImmutableArray<float?> Column(int column) =>
            _newest < 0 ? [] : [.. Enumerable.Range(0, Steps).Select(i => Value(first + i, column))];
    }

    /// <summary>
    /// CPU as at most sixty points over the recorded time: a new Collector has a line after half a minute, an old one the whole hour. Only
    /// full steps count: the line moves when a step ends, not with every reading.
    /// </summary>
    public Trend? ToTrend()
    {
        using var _ = _gate.EnterScope();
        if (_trendStep == _newest)
        {
            return _trend;
        }

        _trendStep = _newest;
        var first = Math.Max(0, _newest - Steps + 1);
        while (first < _newest && Value(first, 0) is null)
        {
            first++;
        }

        // Groups are aligned to the clock, so that old points do not change when a new one is added.
        var known = _newest - first;
        var width =
            known <= TrendPoints ? 1
            : known <= 2 * TrendPoints ? 2
            : known <= 3 * TrendPoints ? 3
            : 6;
        var end = _newest / width;
        var points = ImmutableArray.CreateBuilder<float?>(TrendPoints);
        for (var group = Math.Max(first / width, end - TrendPoints); group < end; group++)
        {
            points.Add(Mean(group * width, width));
        }

        return _trend = points.Count < 2 ? null : new Trend(width * StepSeconds, points.ToImmutable());
    }

    private void Clear()
    {
        Array.Fill(_values, float.NaN);
        (_newest, _count, _trend, _trendStep) = (-1, 0, null, -1);
    }

    private float? Mean(long first, int width)
    {
        var (sum, count) = (0f, 0);
        for (var step = first; step < first + width; step++)
        {
            if (Value(step, 0) is { } value)
            {
                (sum, count) = (sum + value, count + 1);
            }
        }

        return count == 0 ? null : MathF.Round(sum / count, 3);
    }

    private void Advance(long step)
    {
        // Steps without a reading are gaps, and not the values of an hour ago.
        for (var missed = Math.Max(_newest + 1, step - Steps + 1); missed <= step; missed++)
        {
            Row(missed).Fill(float.NaN);
        }

        (_newest, _count) = (step, 0);
    }

    private void Mix(ref float cell, double? value)
    {
        if (value is { } number)
        {
            cell = float.IsNaN(cell) ? (float)number : cell + (((float)number - cell) / _count);
        }
    }

    private Span<float> Row(long step) => _values.AsSpan((int)(step % Steps) * Columns, Columns);

    private float? Value(long step, int column)
    {
        if (step < 0 || step <= _newest - Steps || step > _newest)
        {
            return null;
        }

        var value = Row(step)[column];
        return float.IsNaN(value) ? null : value;
    }
}
