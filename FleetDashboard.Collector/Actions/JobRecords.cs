using System.Collections.Immutable;
using FleetDashboard.Collector.Audit;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>Jobs as records of the trail, and back.</summary>
internal static class JobRecords
{
    /// <summary>What a job is about to do to each container.</summary>
    public static IEnumerable<AuditEntry> Intents(LiveJob job) => job.Targets.Select(target => Entry(job, target, AuditPhases.Intent));

    /// <summary>What it leaves alone, and why.</summary>
    public static IEnumerable<AuditEntry> LeftOut(LiveJob job) =>
        job.Job.LeftOut.Select(one =>
            Create(job.Caller, job.Job.Action, AuditPhases.Refusal) with
            {
                App = job.Job.App,
                Container = one.Container,
                Job = job.Job.Id,
                Outcome = one.Code,
                Reason = one.Reason,
            }
        );

    public static AuditEntry Outcome(LiveJob job, ActionTarget target, JobResult result, TimeSpan took) =>
        Entry(job, target, AuditPhases.Outcome) with
        {
            Outcome = result.State,
            Reason = result.Message,
            ImageBefore = result.ImageBefore,
            ImageAfter = result.ImageAfter,
            DurationMs = (long)took.TotalMilliseconds,
        };

    /// <summary>The end of an act that the Collector did not live to see.</summary>
    public static AuditEntry Interrupted(AuditRecord intent, string? remark) =>
        new(intent.User, intent.Action, AuditPhases.Outcome)
        {
            Subject = intent.Subject,
            Role = intent.Role,
            Source = intent.Source,
            App = intent.App,
            Container = intent.Container,
            ContainerId = intent.ContainerId,
            Job = intent.Job,
            Outcome = JobStates.Interrupted,
            Reason = "The Collector ended before this did." + (remark is null ? "" : " " + remark),
        };

    /// <summary>A refusal; <paramref name="container"/> as the caller named it.</summary>
    public static AuditEntry Refusal(Caller caller, string action, string? app, string? container, string? containerId, Refusal refusal) =>
        Create(caller, action, AuditPhases.Refusal) with
        {
            App = app,
            Container = container,
            ContainerId = containerId,
            Outcome = refusal.Code,
            Reason = refusal.Reason,
        };

    /// <summary>
    /// The job that these records tell of; null where there are none. A container without an outcome counts as interrupted: no job of this
    /// run is asked for here.
    /// </summary>
    public static Job? ToJob(ImmutableArray<AuditRecord> records)
    {
        var intents = records.Where(record => record.Phase == AuditPhases.Intent).ToList();
        if (intents is not [var first, ..])
        {
            return null;
        }

        var outcomes = records.Where(record => record.Phase == AuditPhases.Outcome).ToLookup(record => record.ContainerId);
        ImmutableArray<JobResult> results =
        [
            .. intents.Select(intent =>
                outcomes[intent.ContainerId].LastOrDefault() is { } end
                    ? new JobResult(
                        intent.ContainerId ?? "",
                        intent.Container ?? "",
                        end.Outcome ?? JobStates.Failed,
                        end.Reason,
                        end.ImageBefore,
                        end.ImageAfter
                    )
                    : new JobResult(
                        intent.ContainerId ?? "",
                        intent.Container ?? "",
                        JobStates.Interrupted,
                        "The Collector ended before this did."
                    )
            ),
        ];
        var state = StateOf(results);
        return new Job
        {
            Id = first.Job ?? "",
            Action = first.Action,
            App = first.App ?? "",
            Containers = [.. intents.Select(intent => intent.Container ?? "")],
            State = state,
            User = first.User,
            CreatedAt = first.At,
            StartedAt = first.At,
            FinishedAt = records
                .Where(record => record.Phase == AuditPhases.Outcome)
                .Select(record => (DateTimeOffset?)record.At)
                .LastOrDefault(),
            Outcome = state,
            Message = MessageOf(results),
            Results = results,
            LeftOut =
            [
                .. records
                    .Where(record => record.Phase == AuditPhases.Refusal)
                    .Select(record => new JobExclusion(record.Container ?? "", record.Outcome ?? "", record.Reason ?? "")),
            ],
        };
    }

    /// <summary>How the whole ended: as badly as the worst part.</summary>
    public static string StateOf(ImmutableArray<JobResult> results) =>
        ((ReadOnlySpan<string>)[JobStates.Interrupted, JobStates.Failed, JobStates.Cancelled])
            .ToArray()
            .FirstOrDefault(state => results.Any(result => result.State == state))
        ?? JobStates.Succeeded;

    public static string MessageOf(ImmutableArray<JobResult> results)
    {
        if (results is [var only])
        {
            return only.Message ?? "";
        }

        var well = results.Count(result => result.State == JobStates.Succeeded);
        var worst =
            results.FirstOrDefault(result => result.State is JobStates.Failed or JobStates.Interrupted)
            ?? results.FirstOrDefault(result => result.State == JobStates.Cancelled);
        return $"{well} of {results.Length} containers.{(worst is null ? "" : " " + worst.Message)}";
    }

    private static AuditEntry Entry(LiveJob job, ActionTarget target, string phase) =>
        Create(job.Caller, job.Job.Action, phase) with
        {
            App = target.App,
            Container = target.Name,
            ContainerId = target.Id,
            Job = job.Job.Id,
        };

    private static AuditEntry Create(Caller caller, string action, string phase) =>
        new(caller.Name, action, phase)
        {
            Subject = caller.Subject,
            Role = caller.Role,
            Source = caller.Source,
        };
}
