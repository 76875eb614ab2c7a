using System.Collections.Immutable;
using System.Threading.Channels;
using FleetDashboard.Collector.Audit;
using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Actions;

/// <summary>
/// Takes requests to act, one after another, and makes jobs of those that may be done. A job's intents are on the disk before anybody hears
/// that it was taken. Who may not, and why, is recorded too.
/// </summary>
internal sealed class JobSubmission
{
    private const string NotYet = "The Collector has not heard from the engine yet. Try again in a few seconds.";
    private const string Recovering = "The Collector is putting right what its last run left behind. Try again in a few seconds.";
    private const string Stopping = "The Collector is stopping. Try again when it is back.";

    private static readonly Refusal Unknown = new(RefusalCodes.Unknown, "there is nothing of this name");

    private readonly Lock _gate = new();
    private readonly ActionTargets _book;
    private readonly JobStore _jobs;
    private readonly AuditTrail _trail;
    private readonly ActionMetrics _metrics;
    private readonly JobCompletion _ending;
    private readonly ActionOptions _options;
    private readonly TimeProvider _time;
    private readonly AttemptLimits _attempts;
    private readonly RequestKeys _keys;
    private readonly Channel<LiveJob> _queue;
    private string? _closed = Recovering;

    public JobSubmission(
        ActionTargets book,
        JobStore jobs,
        AuditTrail trail,
        ActionMetrics metrics,
        JobCompletion ending,
        IOptions<ActionOptions> options,
        TimeProvider time
    )
    {
        (_book, _jobs, _trail, _metrics, _ending, _options, _time) = (book, jobs, trail, metrics, ending, options.Value, time);
        _attempts = new AttemptLimits(_options.RequestsPerMinute, time);
        _keys = new RequestKeys(time);
        _queue = Channel.CreateBounded<LiveJob>(_options.Queued);
    }

    /// <summary>The jobs that wait to be run.</summary>
    public ChannelReader<LiveJob> Queue => _queue.Reader;

    public void Open() => Volatile.Write(ref _closed, null);

    /// <summary>Takes nothing any more; what waits still does.</summary>
    public void Close()
    {
        using var _ = _gate.EnterScope();
        Volatile.Write(ref _closed, Stopping);
        _queue.Writer.TryComplete();
    }

    /// <summary>How long a user must wait before asking for anything again; null for not at all.</summary>
    public TimeSpan? AcquireAttempt(Caller caller) => _attempts.Acquire(caller.Subject);

    public bool Knows(string app) => _book.Targets?.Values.Any(target => target.App == app) == true;

    public Submission Submit(SubmittedAction request)
    {
        if (request.Key is { } key && !RequestKeys.IsValid(key))
        {
            return new Submission.Mistaken($"{CollectorRoutes.IdempotencyHeader} must be 1 to 128 visible ASCII characters.");
        }

        if (Volatile.Read(ref _closed) is { } closed)
        {
            return new Submission.Unavailable(closed);
        }

        if (_book.Targets is not { } targets)
        {
            return new Submission.Unavailable(NotYet);
        }

        using var _ = _gate.EnterScope();
        if (_keys.Find(request) is { } used)
        {
            return !used.IsSame
                    ? new Submission.KeyTaken(
                        $"This {CollectorRoutes.IdempotencyHeader} was used for another request: make a new one for each."
                    )
                : _jobs.Recall(used.Job) is { } job ? new Submission.Accepted(job)
                : new Submission.Unavailable("The job of this key cannot be read from the audit trail now.");
        }

        return request.Target switch
        {
            RequestTarget.Container one => OfContainer(request, one.Id, targets.Values),
            RequestTarget.App app => OfApp(request, app.Name, targets.Values),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Calls a job off. Null where there is none.</summary>
    public Submission? Cancel(Caller caller, string id)
    {
        if (_jobs.Recall(id) is not { } job)
        {
            return null;
        }

        if (ActionGuard.Permits(caller.Role) is { } refusal)
        {
            Record(JobRecords.Refusal(caller, "cancel", job.App, string.Join(", ", job.Containers), null, refusal) with { Job = id });
            return new Submission.Refused(refusal, $"Not done: {refusal.Reason}.");
        }

        if (_jobs.Find(id) is { } live && live.CallOff(caller.Name) is { } state)
        {
            if (state == JobStates.Queued)
            {
                _ending.EndUnbegun(live, $"Called off by {caller.Name} before it began.");
            }

            return new Submission.Accepted(live.Job);
        }

        return new Submission.Busy(
            job,
            job.Outcome is not null
                ? $"This job is over: {job.Outcome}."
                : $"A {job.Action} that has begun cannot be called off: breaking it off would leave the container down."
        );
    }

    /// <summary>Records that something was not done. A trail that cannot be written does not make it allowed.</summary>
    public void Record(AuditEntry refusal)
    {
        _metrics.Ended(refusal.Action, "refused");
        try
        {
            _trail.Append(refusal);
        }
        catch (TrailUnwritableException)
        {
            // The trail itself has said so.
        }
    }

    private Submission OfContainer(SubmittedAction request, string id, IEnumerable<ActionTarget> all)
    {
        var found = all.Where(target => target.Id.StartsWith(id, StringComparison.Ordinal)).Take(2).ToList();
        if (found is not [var one])
        {
            Record(JobRecords.Refusal(request.Caller, request.Action, null, id, null, Unknown));
            return new Submission.NotFound(
                found.Count == 0
                    ? $"There is no container of this id. {CollectorRoutes.Fleet} lists them."
                    : "More than one container's id begins so: give more of it."
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
            return new Submission.NotFound($"There is no app of this name. {CollectorRoutes.Fleet} lists them.");
        }

        if (ActionGuard.Permits(request.Caller.Role) is { } role)
        {
            Record(JobRecords.Refusal(request.Caller, request.Action, app, null, null, role));
            return new Submission.Refused(role, $"Not done: {role.Reason}.");
        }

        ImmutableArray<JobExclusion> leftOut =
        [
            .. from member in members
            let no = member.Ruling.Against(request.Action)
            where no is not null
            select new JobExclusion(member.Name, no.Code, no.Reason),
        ];
        var open = members.Where(member => member.Ruling.Against(request.Action) is null).ToList();
        if (open.Count == 0)
        {
            var reasons = string.Join("; ", leftOut.Select(one => $"{one.Container}: {one.Reason}"));
            foreach (var member in members)
            {
                var no = member.Ruling.Against(request.Action)!;
                Record(JobRecords.Refusal(request.Caller, request.Action, app, member.Name, member.Id, new Refusal(no.Code, no.Reason)));
            }

            return new Submission.Refused(
                new Refusal(leftOut[0].Code, reasons),
                $"Nothing of {app} may be touched by {request.Action}. {reasons}."
            );
        }

        return Accept(request, app, [.. StartOrder.Sort(open)], leftOut);
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
                $"{held.User} asked for {held.Action} of {string.Join(", ", held.Containers)} at {held.CreatedAt:HH:mm:ss} UTC, and "
                + "that is not over yet (job {held.Id}).";
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
            return new Submission.Busy(held, sentence);
        }

        if (_jobs.UnfinishedOf(request.Caller.Subject) >= _options.JobsPerUser)
        {
            return new Submission.TooMany(
                $"{request.Caller.Name} has {_options.JobsPerUser} jobs that are not over yet, and may have no more at once.",
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

        // This lock is the only way in, so a place that is free now still is when the intents are written.
        if (_closed is { } closed)
        {
            return new Submission.Unavailable(closed);
        }

        if (_queue.Reader.Count >= _options.Queued)
        {
            return new Submission.TooMany(
                $"{_options.Queued} jobs are waiting already. Try again when some are over.",
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

    private Submission.Refused Refuse(SubmittedAction request, ActionTarget target, Refusal refusal, string sentence)
    {
        Record(JobRecords.Refusal(request.Caller, request.Action, target.App, target.Name, target.Id, refusal));
        return new Submission.Refused(refusal, sentence);
    }

    private static string Say(string action, ActionTarget target, ActionRefusal no) =>
        target.Ruling.Protection is null
            ? $"No {action} of {target.Name}: {no.Reason}."
            : $"{target.Name} is protected ({no.Reason}): nothing here touches it. Do it by hand if you must.";
}
