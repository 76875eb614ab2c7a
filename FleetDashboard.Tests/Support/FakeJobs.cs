using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FleetDashboard.Tests.Support;

/// <summary>
/// The Collector's routes for actions, jobs and the audit trail, with scripted responses, for states that are hard to cause.
/// </summary>
internal sealed class FakeJobs
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Job> _jobs = [];
    private readonly Dictionary<string, List<JobLine>> _lines = [];
    private readonly Dictionary<string, string> _keys = [];
    private readonly List<AuditRecord> _trail = [];

    /// <summary>Every action request, in order.</summary>
    public ConcurrentQueue<(string Path, string? Key, JsonWebToken Token)> Posts { get; } = new();

    /// <summary>The response to an action request instead of a job. Null creates a job. An exception drops the connection.</summary>
    public Func<HttpContext, IResult>? Answer { get; set; }

    /// <summary>Sends an event to every reader of the fleet's stream.</summary>
    public Action<string>? Send { get; set; }

    /// <summary>The filters of the requests for the audit trail.</summary>
    public ConcurrentQueue<string> TrailQueries { get; } = new();

    public static Job Running(
        string app,
        string action = ActionNames.Restart,
        string user = "ops",
        double? progress = null,
        string? message = null,
        params string[] containers
    ) =>
        new()
        {
            Id = Guid.NewGuid().ToString("N"),
            Action = action,
            App = app,
            Containers = [.. containers.DefaultIfEmpty($"{app}-web-1")],
            State = JobStates.Running,
            User = user,
            CreatedAt = TimeProvider.System.GetUtcNow(),
            StartedAt = TimeProvider.System.GetUtcNow(),
            Message = message,
            Progress = progress,
            Results =
            [
                .. containers.DefaultIfEmpty($"{app}-web-1").Select(name => new JobResult(Snapshots.IdOf(name), name, JobStates.Running)),
            ],
        };

    public static Job Over(Job job, string state, string message) =>
        job with
        {
            State = state,
            Outcome = state,
            Message = message,
            Progress = null,
            CanCancel = false,
            FinishedAt = TimeProvider.System.GetUtcNow(),
            Results = [.. job.Results.Select(result => result with { State = state, Message = message })],
        };

    public static AuditRecord Record(
        long sequence,
        string user,
        string action,
        string app,
        string phase,
        string? outcome,
        string? reason = null,
        string? job = null
    ) =>
        new()
        {
            Sequence = sequence,
            At = TimeProvider.System.GetUtcNow().AddMinutes(sequence - 200),
            User = user,
            Subject = $"id-of-{user}",
            Role = Roles.Operator,
            Source = "10.0.0.7",
            Action = action,
            App = app,
            Container = $"{app}-web-1",
            ContainerId = Snapshots.IdOf($"{app}-web-1"),
            Phase = phase,
            Outcome = outcome,
            Reason = reason,
            Job = job,
            ImageBefore = "sha256:" + new string('a', 64),
            ImageAfter = "sha256:" + new string('b', 64),
            DurationMs = phase == AuditPhases.Outcome ? 1234 : null,
            PreviousHash = new string('1', 64),
            Hash = new string('2', 64),
        };

    public void Put(Job job, params string[] lines)
    {
        using var _ = _gate.EnterScope();
        _jobs[job.Id] = job;
        if (!_lines.TryGetValue(job.Id, out var known))
        {
            _lines[job.Id] = known = [];
        }
        JobLine[] added = [.. lines.Select(line => new JobLine(TimeProvider.System.GetUtcNow(), job.Containers[0], line))];
        known.AddRange(added);
        if (added.Length > 0)
        {
            Send?.Invoke(Lines(job.Id, added));
        }
        Send?.Invoke(FakeCollector.Event(CollectorRoutes.JobEvent, JsonSerializer.Serialize(job, ContractsJson.Default.Job)));
    }

    /// <summary>Drops a job silently, as the death of the Collector does. The next stream does not list it.</summary>
    public void Forget(Job job)
    {
        using var _ = _gate.EnterScope();
        _jobs.Remove(job.Id);
    }

    /// <summary>
    /// Writes the events that start a stream, before <paramref name="enter"/> adds the reader to the readers of <see cref="Send"/>.
    /// </summary>
    /// <param name="write">Writes one event.</param>
    /// <param name="enter">Called under the same lock as <see cref="Put"/>, so that no event is lost in between.</param>
    public void Start(Action<string> write, Action enter)
    {
        using var _ = _gate.EnterScope();
        ImmutableArray<Job> all = [.. _jobs.Values.OrderByDescending(job => job.CreatedAt)];
        write(FakeCollector.Event(CollectorRoutes.JobsEvent, JsonSerializer.Serialize(all, ContractsJson.Default.ImmutableArrayJob)));
        foreach (var (job, lines) in _lines.Where(pair => pair.Value.Count > 0 && _jobs.ContainsKey(pair.Key)))
        {
            write(Lines(job, lines));
        }
        enter();
    }

    private static string Lines(string job, IEnumerable<JobLine> lines) =>
        FakeCollector.Event(
            CollectorRoutes.JobLinesEvent,
            JsonSerializer.Serialize(new JobOutput(job, [.. lines]), ContractsJson.Default.JobOutput)
        );

    public void Write(params IEnumerable<AuditRecord> records)
    {
        using var _ = _gate.EnterScope();
        _trail.AddRange(records);
    }

    public void Map(WebApplication app)
    {
        foreach (var route in (string[])[CollectorRoutes.ContainerAction, CollectorRoutes.AppAction, CollectorRoutes.JobCancel])
        {
            app.MapPost(route, (Delegate)ActAsync);
        }
        app.MapGet(CollectorRoutes.Audit, Trail);
    }

    private Job? Find(string id)
    {
        using var _ = _gate.EnterScope();
        return _jobs.GetValueOrDefault(id);
    }

    private async Task<IResult> ActAsync(HttpContext context)
    {
        if (await FakeCollector.VerifyAsync(context) is not { } token)
        {
            return Results.Problem(statusCode: StatusCodes.Status401Unauthorized);
        }
        var key = context.Request.Headers[CollectorRoutes.IdempotencyHeader].FirstOrDefault();
        Posts.Enqueue((context.Request.Path, key, token));
        if (Answer is { } scripted)
        {
            return scripted(context);
        }
        if (context.Request.RouteValues["id"] is string asked && Find(asked) is { } running)
        {
            return Results.Json(running, ContractsJson.Default.Job, statusCode: StatusCodes.Status202Accepted);
        }
        var action = context.Request.Path.Value!.Split('/')[^1];
        using (_gate.EnterScope())
        {
            if (key is not null && _keys.TryGetValue(key, out var known))
            {
                return Results.Json(_jobs[known], ContractsJson.Default.Job, statusCode: StatusCodes.Status202Accepted);
            }
        }
        var app = context.Request.RouteValues["app"] as string ?? "shop";
        var job = Running(app, action, token.GetClaim(CollectorToken.NameClaim).Value, message: $"Doing it to {app}.");
        Put(job);
        using (_gate.EnterScope())
        {
            _keys[key ?? ""] = job.Id;
        }
        return Results.Json(job, ContractsJson.Default.Job, statusCode: StatusCodes.Status202Accepted);
    }

    private IResult Trail(HttpContext context)
    {
        var asked = context.Request.Query;
        TrailQueries.Enqueue(context.Request.QueryString.Value ?? "");
        var limit = int.TryParse(asked["limit"], CultureInfo.InvariantCulture, out var many) ? many : 100;
        var after = long.TryParse(asked["after"], CultureInfo.InvariantCulture, out var last) ? last : long.MaxValue;
        using var _ = _gate.EnterScope();
        var found = _trail
            .Where(record =>
                record.Sequence < after
                && Is("user", record.User)
                && Is("app", record.App)
                && Is("action", record.Action)
                && Is("phase", record.Phase)
                && Is("outcome", record.Outcome)
                && Is("job", record.Job)
            )
            .OrderByDescending(record => record.Sequence)
            .Take(limit + 1)
            .ToImmutableArray();
        var page = found.Length > limit ? found[..limit] : found;
        return Results.Json(new AuditPage(page, found.Length > limit ? page[^1].Sequence : null), ContractsJson.Default.AuditPage);

        bool Is(string name, string? value) => asked[name].Count == 0 || asked[name] == value;
    }
}
