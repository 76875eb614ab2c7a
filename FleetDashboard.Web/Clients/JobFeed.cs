using System.Collections.Concurrent;
using System.Collections.Immutable;
using FleetDashboard.Contracts;
using FleetDashboard.ServiceDefaults.Async;

namespace FleetDashboard.Web.Clients;

/// <summary>The jobs of all hosts as one view for all viewers. Does no I/O: each <see cref="HostFeed"/> fills its part.</summary>
internal sealed class JobFeed(TimeProvider time)
{
    private readonly LatestValue<JobsView> _view = new(JobsView.Nothing);
    private readonly ConcurrentDictionary<Uri, HostJobs> _hosts = new();
    private readonly Lock _gate = new();

    public JobsView Current => _view.Current;

    /// <summary>The view now, then each newer one, until the token is cancelled.</summary>
    public IAsyncEnumerable<JobsView> WatchAsync(CancellationToken cancellationToken) => _view.WatchAsync(cancellationToken);

    /// <summary>The last raw lines of a job, then each change, until the token is cancelled.</summary>
    public IAsyncEnumerable<ImmutableArray<JobLine>> WatchLinesAsync(FleetJob job, CancellationToken cancellationToken) =>
        (For(job.Collector).LinesOf(job.Job.Id) ?? new LatestValue<ImmutableArray<JobLine>>([])).WatchAsync(cancellationToken);

    /// <summary>The jobs of one Collector.</summary>
    public HostJobs For(Uri collector) => _hosts.GetOrAdd(collector, address => new HostJobs(address, Merge, time));

    /// <summary>Shows a job that a request has just started.</summary>
    public void Update(FleetJob job) => For(job.Collector).PutNew(job.Job);

    /// <summary>Drops a host that has left the fleet.</summary>
    public void Forget(Uri collector)
    {
        _hosts.TryRemove(collector, out _);
        Merge();
    }

    private void Merge()
    {
        using var _ = _gate.EnterScope();
        _view.Publish(
            JobsView.Merge([.. _hosts.OrderBy(host => host.Key.OriginalString, StringComparer.Ordinal).Select(host => host.Value.Current)])
        );
    }
}
