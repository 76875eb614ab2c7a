using System.Collections.Immutable;
using FleetDashboard.Collector.Audit;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>Converts jobs to audit records and back.</summary>
internal static class JobRecords
{
    /// <summary>The intents of a job, one for each container.</summary>
    public static IEnumerable<AuditEntry> Intents(LiveJob job) => job.Targets.Select(target => Entry(job, target, AuditPhases.Intent));

    /// <summary>The containers that a job leaves alone, with the reasons.</summary>
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

    /// <summary>The outcome of an action during which the Collector stopped.</summary>
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
            Reason = "The Collector stopped before the action ended." + (remark is null ? "" : " " + remark),
        };

    /// <summary>A refusal. <paramref name="container"/> is what the caller sent.</summary>
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
    /// The job of these records; null where there are none. A container without an outcome counts as interrupted, because this is not asked
    /// for jobs of the current run.
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
                        "The Collector stopped before the action ended."
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

    /// <summary>The state of a job: the worst state of its containers.</summary>
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
        return $"{well} of {results.Length} containers succeeded.{(worst is null ? "" : " " + worst.Message)}";
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
