using FleetDashboard.Contracts;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Fleet;

/// <summary>A container as a row of the open card: sorted by the values, shown by the words.</summary>
internal sealed record ContainerRow
{
    private const double OverdueIntervals = 3;

    public required ContainerSnapshot Container { get; init; }
    public required string State { get; init; }
    public required string Cpu { get; init; }
    public required string? CpuShare { get; init; }
    public required string Memory { get; init; }
    public required string? MemoryShare { get; init; }
    public required string? Overdue { get; init; }
    public required string Since { get; init; }
    public required DateTimeOffset? SinceAt { get; init; }

    // What the grid sorts by.
    public string Id => Container.Id;
    public string Service => Container.Service;
    public int Severity => (int)Container.Color;
    public double CpuCores => Container.CpuCores ?? -1;
    public long MemoryBytes => Container.MemoryBytes ?? -1;
    public double Network => (Container.NetworkReceiveRate ?? -1) + (Container.NetworkSendRate ?? 0);
    public int Restarts => Container.Restarts;
    public string Image => Container.Image;

    public static IQueryable<ContainerRow> All(AppSnapshot app, FleetSnapshot snapshot) =>
        app.Containers.Select(container => From(container, snapshot)).ToList().AsQueryable();

    public static ContainerRow From(ContainerSnapshot container, FleetSnapshot snapshot)
    {
        var runs = container.State is "running" or "paused"; // One that waits to be restarted has ended.
        var sinceAt = runs ? container.StartedAt : container.FinishedAt ?? container.CreatedAt;
        var span = sinceAt is { } at ? Durations.Text(Later(snapshot.TakenAt - at)) : null;
        return new ContainerRow
        {
            Container = container,
            State = StateText.Describe(container),
            Cpu = container.CpuCores is { } cores
                ? $"{Cores.Text(cores)}{(container.CpuLimitCores is { } limit ? $" of {Cores.Limit(limit)}" : "")}"
                : Meter.None,
            CpuShare = container is { CpuCores: { } used, CpuLimitCores: { } most } ? $"{Meter.Share(used, most)} %" : null,
            Memory = MemoryOf(container),
            MemoryShare = container is { MemoryBytes: { } bytes, MemoryLimitBytes: { } cap } ? $"{Meter.Share(bytes, cap)} %" : null,
            Overdue = OverdueOf(container, snapshot),
            Since =
                span is null ? Meter.None
                : runs ? $"up {span}"
                : container.FinishedAt is null ? $"made {span} ago"
                : $"ended {span} ago",
            SinceAt = sinceAt,
        };
    }

    private static string MemoryOf(ContainerSnapshot container)
    {
        if (container.MemoryBytes is not { } used)
        {
            return Meter.None;
        }
        if (container.MemoryLimitBytes is not { } limit)
        {
            return Bytes.Text(used);
        }
        var (value, of) = Bytes.Share(used, limit);
        return $"{value} {of}";
    }

    // A figure that was not read again for several intervals is old, and says so.
    private static string? OverdueOf(ContainerSnapshot container, FleetSnapshot snapshot)
    {
        var age = container.SampledAt is { } at ? snapshot.TakenAt - at : TimeSpan.Zero;
        return container.State == "running" && age.TotalSeconds > OverdueIntervals * snapshot.IntervalSeconds
            ? $"{Durations.Text(age)} old"
            : null;
    }

    private static TimeSpan Later(TimeSpan span) => span < TimeSpan.Zero ? TimeSpan.Zero : span;
}
