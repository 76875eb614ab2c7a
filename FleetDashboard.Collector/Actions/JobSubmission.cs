using System.Collections.Immutable;
using System.Threading.Channels;
using FleetDashboard.Collector.Audit;
using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Actions;

/// <summary>
/// Turns requests into jobs, one request at a time. A job's intents are on the disk before its request is answered. Refusals are recorded
/// with the reason.
/// </summary>
internal sealed class JobSubmission
{
    private const string NotYet = "The Collector has not read the engine yet. Try again in a few seconds.";
    private const string Recovering = "The Collector is repairing what its last run left unfinished. Try again in a few seconds.";
    private const string Stopping = "The Collector is stopping. Try again when it is back.";

    private static readonly Refusal Unknown = new(RefusalCodes.Unknown, "not found");

    private readonly Lock _gate = new();
    private readonly ActionTargets _targets;
    private readonly ActionList _actions;
    private readonly JobStore _jobs;
    private readonly AuditTrail _trail;
    private readonly ActionMetrics _metrics;
    private readonly JobCompletion _completion;
    private readonly ActionOptions _options;
    private readonly TimeProvider _time;
    private readonly AttemptLimits _attempts;
    private readonly RequestKeys _keys;
    private readonly Channel<LiveJob> _queue;
    private string? _closed = Recovering;

    public JobSubmission(
        ActionTargets targets,
        ActionList actions,
        JobStore jobs,
        AuditTrail trail,
        ActionMetrics metrics,
        JobCompletion completion,
        IOptions<ActionOptions> options,
        TimeProvider time
    )
    {
        (_targets, _actions, _jobs, _trail) = (targets, actions, jobs, trail);
        (_metrics, _completion, _options, _time) = (metrics, completion, options.Value, time);
        _attempts = new AttemptLimits(_options.RequestsPerMinute, time);
        _keys = new RequestKeys(time);
        _queue = Channel.CreateBounded<LiveJob>(_options.Queued);
    }

    /// <summary>The waiting jobs.</summary>
    public ChannelReader<LiveJob> Queue => _queue.Reader;

    public void Open() => Volatile.Write(ref _closed, null);

    /// <summary>Rejects new requests. Jobs that wait stay in the queue.</summary>
    public void Close()
    {
        using var _ = _gate.EnterScope();
        Volatile.Write(ref _closed, Stopping);
        _queue.Writer.TryComplete();
    }

    /// <summary>Counts a request of this user. Null where it is within the limit, else how long the user must wait.</summary>
    public TimeSpan? AcquireAttempt(Caller caller) => _attempts.Acquire(caller.Subject);

    public bool Knows(string app) => _targets.Targets?.Values.Any(target => target.App == app) == true;

    public Submission Submit(SubmittedAction request)
    {
        if (request.Key is { } key && !RequestKeys.IsValid(key))
        {
            return new Submission.Mistaken($"{CollectorRoutes.IdempotencyHeader} must be 1 to 128 visible ASCII characters.");
        }

        if (_actions.Find(request.Action) is null)
        {
            return UnknownAction(request);
        }

        if (Volatile.Read(ref _closed) is { } closed)
        {
            return new Submission.Unavailable(closed);
        }

        if (_targets.Targets is not { } targets)
        {
            return new Submission.Unavailable(NotYet);
        }

        using var _ = _gate.EnterScope();
        if (_keys.Find(request) is { } used)
        {
            return !used.IsSame
                    ? new Submission.KeyTaken(
                        $"This {CollectorRoutes.IdempotencyHeader} was used for another request. Use a new key for each request."
                    )
                : _jobs.Recall(used.Job) is { } job ? new Submission.Accepted(job)
                : new Submission.Unavailable("The job of this key cannot be read from the audit trail. Try again in a few seconds.");
        }

        return request.Target switch
        {
            RequestTarget.Container one => OfContainer(request, one.Id, targets.Values),
            RequestTarget.App app => OfApp(request, app.Name, targets.Values),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Cancels a job. Null where there is no such job.</summary>
    public Submission? Cancel(Caller caller, string id)
    {
        if (_jobs.Recall(id) is not { } job)
        {
            return null;
        }

        if (ActionGuard.Permits(caller.Role) is { } refusal)
        {
            Record(JobRecords.Refusal(caller, "cancel", job.App, string.Join(", ", job.Containers), null, refusal) with { Job = id });
            return new Submission.GuardRefused(refusal, $"Not done: {refusal.Reason}.");
        }

        if (_jobs.Find(id) is { } live && live.Cancel(caller.Name) is { } state)
        {
            if (state == JobStates.Queued)
            {
                _completion.EndUnstarted(live, $"Cancelled by {caller.Name} before it started.");
            }

            return new Submission.Accepted(live.Job);
        }

        return new Submission.ContainerBusy(
            job,
            job.Outcome is not null
                ? $"This job has already ended: {job.Outcome}."
                : $"The {job.Action} has started and cannot be cancelled: that would leave the container down."
        );
    }

    /// <summary>Records a refusal. The request stays refused when the trail cannot be written.</summary>
    public void Record(AuditEntry refusal)
    {
        _metrics.Ended(refusal.Action, "refused");
        try
        {
            _trail.Append(refusal);
        }
        catch (TrailUnwritableException)
        {
            // The trail logs this itself and shows it as a warning on the page.
        }
    }

    private Submission UnknownAction(SubmittedAction request)
    {
        var role = ActionGuard.Permits(request.Caller.Role);
        var (app, container) = ((request.Target as RequestTarget.App)?.Name, (request.Target as RequestTarget.Container)?.Id);
        Record(JobRecords.Refusal(request.Caller, request.Action, app, container, null, role ?? Unknown));
        return role is null
            ? new Submission.NotFound($"There is no such action. The actions are {string.Join(", ", _actions.Names)}.")
            : new Submission.GuardRefused(role, $"Not done: {role.Reason}.");
    }

    private Submission OfContainer(SubmittedAction request, string id, IEnumerable<ActionTarget> all)
    {
        var found = all.Where(target => target.Id.StartsWith(id, StringComparison.Ordinal)).Take(2).ToList();
        if (found is not [var one])
        {
            Record(JobRecords.Refusal(request.Caller, request.Action, null, id, null, Unknown));
            return new Submission.NotFound(
                found.Count == 0
                    ? $"There is no container with this id. {CollectorRoutes.Fleet} lists the containers."
                    : "More than one container id starts with these digits. Send more of them."
            );
        }

        if (ActionGuard.Permits(request.Caller.Role) is { } role)
        {
            return Refuse(request, one, role, $"Not done: {role.Reason}.");
        }

        return one.Ruling.Against(request.Action) is { } no
            ? Refuse(request, one, new Refusal(no.Code, no.Reason), Say(request.Action, one, no))
            : Accept(request, one.App, [one], []);
    }

    private Submission OfApp(SubmittedAction request, string app, IEnumerable<ActionTarget> all)
    {
        var members = all.Where(target => target.App == app).OrderBy(target => target.Name, StringComparer.Ordinal).ToList();
        if (members.Count == 0)
        {
            Record(JobRecords.Refusal(request.Caller, request.Action, app, null, null, Unknown));
            return new Submission.NotFound($"There is no app with this name. {CollectorRoutes.Fleet} lists the apps.");
        }

        if (ActionGuard.Permits(request.Caller.Role) is { } role)
        {
            Record(JobRecords.Refusal(request.Caller, request.Action, app, null, null, role));
            return new Submission.GuardRefused(role, $"Not done: {role.Reason}.");
        }

        ImmutableArray<JobExclusion> leftOut =
        [
            .. from member in members
            let no = member.Ruling.Against(request.Action)
            where no is not null
            select new JobExclusion(member.Name, no.Code, no.Reason),
        ];
        var open = members.Where(member => member.Ruling.Against(request.Action) is null).OrderBy(member => member.Order).ToList();
        if (open.Count == 0)
        {
            var reasons = string.Join("; ", leftOut.Select(one => $"{one.Container}: {one.Reason}"));
            foreach (var member in members)
            {
                var no = member.Ruling.Against(request.Action)!;
                Record(JobRecords.Refusal(request.Caller, request.Action, app, member.Name, member.Id, new Refusal(no.Code, no.Reason)));
            }

            return new Submission.GuardRefused(
                new Refusal(leftOut[0].Code, reasons),
                $"The {request.Action} is not possible for any container of {app}. {reasons}."
            );
        }

        return Accept(request, app, [.. open], leftOut);
    }

    private Submission Accept(
        SubmittedAction request,
        string app,
        ImmutableArray<ActionTarget> targets,
        ImmutableArray<JobExclusion> leftOut
    )
    {
        if (_jobs.Holder(targets) is { } holder)
        {
            var held = holder.Job;
            var sentence =
                $"{held.User} asked for {held.Action} of {string.Join(", ", held.Containers)} at {held.CreatedAt:HH:mm:ss} UTC. "
                + $"That job has not ended yet (job {held.Id}).";
            Record(
                JobRecords.Refusal(
                    request.Caller,
                    request.Action,
                    app,
                    string.Join(", ", targets.Select(target => target.Name)),
                    targets is [var one] ? one.Id : null,
                    new Refusal(RefusalCodes.Busy, sentence)
                )
            );
            return new Submission.ContainerBusy(held, sentence);
        }

        if (_jobs.UnfinishedOf(request.Caller.Subject) >= _options.JobsPerUser)
        {
            return new Submission.TooMany(
                $"{request.Caller.Name} has {_options.JobsPerUser} unfinished jobs, which is the limit. Wait until one has ended.",
                TimeSpan.FromSeconds(5)
            );
        }

        var now = _time.GetUtcNow();
        var job = new LiveJob(
            new Job
            {
                Id = Guid.CreateVersion7(now).ToString("N"),
                Action = request.Action,
                App = app,
                Containers = [.. targets.Select(target => target.Name)],
                State = JobStates.Queued,
                User = request.Caller.Name,
                CreatedAt = now,
                CanCancel = true,
                Results = [.. targets.Select(target => new JobResult(target.Id, target.Name, JobStates.Queued))],
                LeftOut = leftOut,
            },
            targets,
            request.Caller,
            _time
        );

        // Only this lock guards the queue, so it cannot fill up while the intents are written.
        if (_closed is { } closed)
        {
            return new Submission.Unavailable(closed);
        }

        if (_queue.Reader.Count >= _options.Queued)
        {
            return new Submission.TooMany(
                $"{_options.Queued} jobs are waiting, which is the limit. Try again in a few seconds.",
                TimeSpan.FromSeconds(10)
            );
        }

        try
        {
            _trail.Append([.. JobRecords.LeftOut(job), .. JobRecords.Intents(job)]);
        }
        catch (TrailUnwritableException broken)
        {
            return new Submission.Unavailable(broken.Message);
        }

        _jobs.Add(job);
        _keys.Remember(request, job.Job.Id);
        _queue.Writer.TryWrite(job);
        return new Submission.Accepted(job.Job);
    }

    private Submission.GuardRefused Refuse(SubmittedAction request, ActionTarget target, Refusal refusal, string sentence)
    {
        Record(JobRecords.Refusal(request.Caller, request.Action, target.App, target.Name, target.Id, refusal));
        return new Submission.GuardRefused(refusal, sentence);
    }

    private static string Say(string action, ActionTarget target, ActionRefusal no) =>
        target.Ruling.Protection is null
            ? $"The {action} of {target.Name} is not possible: {no.Reason}."
            : $"{target.Name} is protected ({no.Reason}). The dashboard never changes it. Do it by hand if you must.";
}
