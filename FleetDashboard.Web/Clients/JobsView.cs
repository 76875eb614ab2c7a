using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>What is known of the jobs at one moment. Immutable, shared by all viewers; the same instance while nothing changed.</summary>
public sealed class JobsView
{
    public static JobsView Nothing { get; } = new() { Active = [], Ended = [], Endings = 0, Known = false };

    /// <summary>Those that wait or run, newest first.</summary>
    public required ImmutableArray<Job> Active { get; init; }

    /// <summary>Those that ended within the last minute, newest first.</summary>
    public required ImmutableArray<Job> Ended { get; init; }

    /// <summary>Grows with each end that was seen: the trail has more to tell.</summary>
    public required long Endings { get; init; }

    /// <summary>False before the first answer.</summary>
    public required bool Known { get; init; }

    /// <summary>Why the jobs are not up to date, as a sentence; null while they are.</summary>
    public string? Error { get; init; }

    /// <summary>The job that holds a container now; null where none does. Each is held until the whole job is over.</summary>
    public Job? HolderOf(string containerId) => Active.FirstOrDefault(job => job.Results.Any(result => result.Id == containerId));

    /// <summary>The jobs of an app to show on its card: those under way, then those that ended just now.</summary>
    public IEnumerable<Job> Of(string app) => Active.Concat(Ended).Where(job => job.App == app);
}
