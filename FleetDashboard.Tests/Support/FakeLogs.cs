using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FleetDashboard.Tests.Support;

/// <summary>
/// The Collector's log routes, over lines that a test prints: tail, since, until, follow and stream as in the contract. One batch is
/// written before the next is taken, so that a slow reader has an effect. Can refuse, end with a reason, or break off, and knows its
/// readers.
/// </summary>
internal sealed class FakeLogs
{
    private const int Batch = 500;

    private readonly Lock _gate = new();
    private readonly List<Printed> _lines = [];
    private readonly ConcurrentDictionary<Guid, HttpContext> _open = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _clock = Snapshots.At;

    public int OpenStreams => _open.Count;

    /// <summary>Every request, in order.</summary>
    public ConcurrentQueue<LogCall> Calls { get; } = new();

    /// <summary>Sends this response instead of lines.</summary>
    public (int Status, string Sentence)? Refusal { get; set; }

    /// <summary>Ends a following stream with this after its lines were sent.</summary>
    public (string Reason, string Text)? End { get; set; }

    /// <summary>How many lines of a stream its reader has accepted.</summary>
    public int AcceptedLines { get; private set; }

    public void Print(string container, params IEnumerable<string> texts) => Print(container, "stdout", texts);

    public void Print(string container, string stream, IEnumerable<string> texts)
    {
        lock (_gate)
        {
            foreach (var text in texts)
            {
                _clock += TimeSpan.FromMilliseconds(1);
                _lines.Add(new Printed(_clock, container, "line", stream, text));
            }
        }
        Wake();
    }

    public void Mark(string container, string kind, string text)
    {
        lock (_gate)
        {
            _clock += TimeSpan.FromMilliseconds(1);
            _lines.Add(new Printed(_clock, container, "mark", kind, text));
        }
        Wake();
    }

    /// <summary>The time of the next printed line.</summary>
    public void SetClock(DateTimeOffset at) => _clock = at - TimeSpan.FromMilliseconds(1);

    /// <summary>Breaks off every open stream.</summary>
    public void Cut()
    {
        foreach (var context in _open.Values)
        {
            context.Abort();
        }
    }

    public async Task AnswerAsync(string? id, JsonWebToken token, HttpContext context)
    {
        var query = context.Request.Query;
        Calls.Enqueue(new LogCall(context.Request.Path, query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()), token));
        if (Refusal is var (status, sentence))
        {
            await Results.Problem(sentence, statusCode: status).ExecuteAsync(context);
            return;
        }
        var key = Guid.NewGuid();
        _open[key] = context;
        try
        {
            context.Features.GetRequiredFeature<IHttpMinResponseDataRateFeature>().MinDataRate = null;
            context.Response.ContentType = "text/event-stream";
            await context.Response.StartAsync(context.RequestAborted);
            await SendAsync(id, query, context);
        }
        catch (OperationCanceledException) { }
        finally
        {
            _open.TryRemove(key, out _);
        }
    }

    private async Task SendAsync(string? id, IQueryCollection query, HttpContext context)
    {
        var (tail, next) = Tail(id, query);
        for (var i = 0; i < tail.Count; i += Batch)
        {
            await WriteAsync(context, string.Concat(tail.Skip(i).Take(Batch).Select(line => line.Event)));
        }
        await WriteAsync(context, "event: caught-up\ndata: {}\n\n");
        while (query["follow"] == "true" && End is null)
        {
            List<Printed> fresh;
            Task more;
            lock (_gate)
            {
                fresh = [.. _lines.Skip(next).Take(Batch)];
                more = _more.Task;
            }
            next += fresh.Count;
            if (fresh.Count == 0)
            {
                await more.WaitAsync(context.RequestAborted);
                continue;
            }
            await WriteAsync(context, string.Concat(fresh.Where(line => line.IsFor(id, query)).Select(line => line.Event)));
            AcceptedLines += fresh.Count;
        }
        var (reason, text) = query["follow"] == "true" ? End!.Value : ("finished", "");
        await WriteAsync(context, $"event: end\ndata: {JsonSerializer.Serialize(new { reason, text })}\n\n");
    }

    /// <summary>Wakes up all streams, which also check <see cref="End"/>.</summary>
    public void Wake()
    {
        TaskCompletionSource more;
        lock (_gate)
        {
            more = _more;
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        more.SetResult();
    }

    private (List<Printed> Tail, int Next) Tail(string? id, IQueryCollection query)
    {
        lock (_gate)
        {
            var since = At(query["since"]) ?? DateTimeOffset.MinValue;
            var until = At(query["until"]) ?? DateTimeOffset.MaxValue;
            var tail =
                int.TryParse(query["tail"], CultureInfo.InvariantCulture, out var wanted) ? wanted
                : query["tail"] == "all" ? int.MaxValue
                : 500;
            return ([.. _lines.Where(line => line.IsFor(id, query) && line.At >= since && line.At <= until).TakeLast(tail)], _lines.Count);
        }
    }

    private static DateTimeOffset? At(string? text) =>
        string.IsNullOrEmpty(text) ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static async Task WriteAsync(HttpContext context, string text)
    {
        await context.Response.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private sealed record Printed(DateTimeOffset At, string Container, string Name, string Kind, string Text)
    {
        private readonly string _id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Container)));

        public string Event
        {
            get
            {
                var at = $"{At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture)}00Z";
                var data =
                    Name == "line"
                        ? JsonSerializer.Serialize(
                            new
                            {
                                at,
                                container = Container,
                                stream = Kind,
                                text = Text,
                            }
                        )
                        : JsonSerializer.Serialize(
                            new
                            {
                                at,
                                container = Container,
                                kind = Kind,
                                text = Text,
                            }
                        );
                return $"event: {Name}\ndata: {data}\n\n";
            }
        }

        public bool IsFor(string? id, IQueryCollection query) =>
            (id is null || _id.StartsWith(id, StringComparison.Ordinal))
            && (Name == "mark" || query["stream"].ToString() is "" or "both" || query["stream"] == Kind);
    }
}

/// <summary>A log request.</summary>
internal sealed record LogCall(string Path, Dictionary<string, string> Query, JsonWebToken Token);
