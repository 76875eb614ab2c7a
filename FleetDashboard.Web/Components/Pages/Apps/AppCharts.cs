using System.Collections.Immutable;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Apps;

/// <summary>The four charts of an app, built once for each response of the Collector.</summary>
public sealed class AppCharts
{
    private const int TableMinutes = 5;

    private AppCharts(AppDetail detail, ChartWindow window)
    {
        var (app, history) = (detail.App, detail.History);
        var services = app
            .Containers.DistinctBy(container => container.Name)
            .ToDictionary(container => container.Name, container => container.Service);
        (Detail, Window) = (detail, window);
        var columns = new[]
        {
            history.CpuCores,
            history.MemoryBytes,
            history.NetworkReceiveRate,
            history.NetworkSendRate,
            history.BlockReadRate,
            history.BlockWriteRate,
        }
            .Select(column => window.Align(history, column))
            .ToArray();
        Charts =
        [
            ChartModel.Create("CPU", ChartUnit.Cores, window, app.CpuLimitCores, ("", columns[0])),
            ChartModel.Create("Memory", ChartUnit.Bytes, window, app.MemoryLimitBytes, ("", columns[1])),
            ChartModel.Create("Network", ChartUnit.Rate, window, null, ("in", columns[2]), ("out", columns[3])),
            ChartModel.Create("Disk", ChartUnit.Rate, window, null, ("read", columns[4]), ("written", columns[5])),
        ];
        Changes = detail.Changes.IsDefault ? [] : detail.Changes;
        Markers = ChangeMarker.All(Changes, window, services);
        Table = [.. Rows(window, columns)];
    }

    public AppDetail Detail { get; }
    public ChartWindow Window { get; }
    public ImmutableArray<ChartModel> Charts { get; }
    public ImmutableArray<StateChange> Changes { get; }
    public ValueList<ChangeMarker> Markers { get; }

    /// <summary>The same values in a dozen rows: five-minute averages, newest first.</summary>
    public ImmutableArray<StatsRow> Table { get; }

    public static AppCharts From(AppDetail detail, DateTimeOffset now) => new(detail, ChartWindow.Create(detail.History, now));

    private static IEnumerable<StatsRow> Rows(ChartWindow window, IReadOnlyList<float?>[] columns)
    {
        var width = Math.Max(1, TableMinutes * 60 / window.StepSeconds); // a step may be longer than a row
        for (var from = window.Steps - width; from >= 0; from -= width)
        {
            yield return new StatsRow(
                window.From.AddSeconds((double)from * window.StepSeconds),
                Mean(0, Format.Cores),
                Mean(1, Format.Bytes),
                Mean(2, Format.BytesPerSecond),
                Mean(3, Format.BytesPerSecond),
                Mean(4, Format.BytesPerSecond),
                Mean(5, Format.BytesPerSecond)
            );

            string Mean(int column, Func<double, string> write) =>
                columns[column].Skip(from).Take(width).Average() is { } mean ? write(mean) : Meter.None;
        }
    }
}

/// <summary>Five minutes of an app as text.</summary>
public sealed record StatsRow(DateTimeOffset From, string Cpu, string Memory, string Received, string Sent, string Read, string Written);
