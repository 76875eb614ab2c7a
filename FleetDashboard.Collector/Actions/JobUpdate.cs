using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>One item of the stream of all jobs. Exactly one part is set.</summary>
/// <param name="Listed">All jobs that a new reader must know. Always the first item, and only that.</param>
/// <param name="Changed">A job that is new or has changed.</param>
/// <param name="Output">New raw lines of a job.</param>
internal readonly record struct JobUpdate(ImmutableArray<Job>? Listed = null, Job? Changed = null, JobOutput? Output = null);
