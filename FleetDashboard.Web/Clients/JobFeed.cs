using System.Collections.Concurrent;
using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>The jobs of every host as one view for all viewers. Reads nothing itself, and has nobody read while nobody looks.</summary>
internal sealed class JobFeed(IServiceProvider services)
{
    private readonly LatestValue<JobsView> _view = new(JobsView.Nothing);
    private readonly ConcurrentDictionary<Uri, HostJobs> _hosts = new();
    private readonly Lock _gate = new();

    public JobsView Current => _view.Current;

    public bool IsWatched => _view.Watchers > 0;

    /// <summary>The view now, then each newer one. Ends with the token.</summary>
    public IAsyncEnumerable<JobsView> WatchAsync(CancellationToken cancellationToken) =>
        _view.WatchAsync(
            () =>
            {
                foreach (var host in _hosts.Values)
                {
                    host.Wake();
                }
            },
            cancellationToken
        );

    /// <summary>The jobs of one Collector.</summary>
    public HostJobs For(Uri collector) =>
        _hosts.GetOrAdd(collector, address => ActivatorUtilities.CreateInstance<HostJobs>(services, address, this));

    /// <summary>A job that was just started or called off is shown at once.</summary>
    public void Update(FleetJob job) => For(job.Collector).Update(job.Job);

    /// <summary>The last raw lines of a job; asks its Collector for them where they are not known yet. Empty until they are.</summary>
    public ImmutableArray<JobLine> LinesOf(FleetJob job) => For(job.Collector).LinesOf(job.Job.Id);

    /// <summary>A host that is none of the fleet's any more.</summary>
    public void Forget(Uri collector)
    {
        _hosts.TryRemove(collector, out _);
        Merge();
    }

    /// <summary>Something of a host has changed.</summary>
    public void Merge()
    {
        using var _ = _gate.EnterScope();
        _view.Publish(
            JobsView.Merge([.. _hosts.OrderBy(host => host.Key.OriginalString, StringComparer.Ordinal).Select(host => host.Value.Current)])
        );
    }
}
