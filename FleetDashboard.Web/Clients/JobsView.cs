using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>All jobs at one moment. Immutable, shared by all viewers; the same instance while nothing changed.</summary>
public sealed class JobsView
{
    public static JobsView Nothing { get; } =
        new()
        {
            Active = [],
            Ended = [],
            Endings = 0,
            Known = false,
        };

    /// <summary>Waiting and running jobs, newest first.</summary>
    public required ImmutableArray<FleetJob> Active { get; init; }

    /// <summary>Jobs that ended within the last minute, newest first.</summary>
    public required ImmutableArray<FleetJob> Ended { get; init; }

    /// <summary>Grows with each end of a job, because the trail then has new records.</summary>
    public required long Endings { get; init; }

    /// <summary>False until a Collector has listed its jobs.</summary>
    public required bool Known { get; init; }

    /// <summary>Why the jobs of some hosts are not up to date; empty while all are.</summary>
    public ImmutableArray<HostTrouble> Troubles { get; init; } = [];

    /// <summary>The job that holds a container now; null where none does. A container is held until the whole job has ended.</summary>
    public FleetJob? HolderOf(string containerId) => Active.FirstOrDefault(job => job.Job.Results.Any(result => result.Id == containerId));

    /// <summary>The jobs of an app for its card: unfinished jobs first, then jobs that have just ended.</summary>
    public IEnumerable<FleetJob> Find(Uri collector, string app) =>
        Active.Concat(Ended).Where(job => job.Collector == collector && job.Job.App == app);

    /// <summary>The jobs of all hosts; with one host, that host's own view.</summary>
    internal static JobsView Merge(IReadOnlyList<JobsView> hosts) =>
        hosts.Count == 1
            ? hosts[0]
            : new JobsView
            {
                Active = [.. NewestFirst(hosts.SelectMany(host => host.Active))],
                Ended = [.. NewestFirst(hosts.SelectMany(host => host.Ended))],
                Endings = hosts.Total(host => host.Endings),
                Known = hosts.Any(host => host.Known),
                Troubles = [.. hosts.SelectMany(host => host.Troubles)],
            };

    internal static IEnumerable<FleetJob> NewestFirst(IEnumerable<FleetJob> jobs) =>
        jobs.OrderByDescending(job => job.Job.CreatedAt).ThenByDescending(job => job.Job.Id, StringComparer.Ordinal);
}

/// <summary>A job with its host.</summary>
/// <param name="Collector">The address of the Collector that runs it.</param>
/// <param name="Job">The job as that Collector sent it.</param>
public sealed record FleetJob(Uri Collector, Job Job);

/// <summary>Why a host's jobs are not up to date, as a sentence.</summary>
public sealed record HostTrouble(Uri Collector, string Sentence);
