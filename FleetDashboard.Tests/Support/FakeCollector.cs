using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FleetDashboard.Tests.Support;

/// <summary>
/// A fake Collector over real HTTP, with what the pages need: it verifies tokens as the contract requires, streams what a test pushes, and
/// can be silent, break off, refuse or be unreachable.
/// </summary>
internal sealed class FakeCollector : IAsyncDisposable
{
    public const string Secret = "a secret for tests that is long enough";

    private readonly ConcurrentDictionary<Guid, Connection> _connections = new();
    private readonly Channel<JsonWebToken> _calls = Channel.CreateUnbounded<JsonWebToken>();
    private WebApplication? _app;
    private FleetSnapshot? _snapshot;
    private long _pushed = TimeProvider.System.GetTimestamp();

    public Uri Url { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>Whether it accepts connections but sends nothing, not even a heartbeat.</summary>
    public bool Silent { get; set; }

    /// <summary>
    /// Whether each stream starts with the same snapshot, as at a Collector whose snapshot writer hangs. Otherwise a later stream starts
    /// with newer data.
    /// </summary>
    public bool Hangs { get; set; }

    /// <summary>Responds with this status instead of a stream.</summary>
    public int? Refusal { get; set; }

    public int OpenStreams => _connections.Count;

    /// <summary>Whether each stream so far reported viewers. Null if it reported nothing.</summary>
    public ConcurrentQueue<string?> Watching { get; } = new();

    /// <summary>The compression that each stream so far accepted.</summary>
    public ConcurrentQueue<string> Encodings { get; } = new();

    /// <summary>The output of the containers.</summary>
    public FakeLogs Logs { get; } = new();

    /// <summary>The history in the response of an app's route. Null responds that there is no history.</summary>
    public Func<AppSnapshot, AppDetail>? Detail { get; set; }

    /// <summary>The verified tokens of the requests for apps so far.</summary>
    public ConcurrentQueue<JsonWebToken> AppCalls { get; } = new();

    /// <summary>The recorded changes of accounts, with the token of each.</summary>
    public ConcurrentQueue<(AccountChange Change, JsonWebToken Token)> Accounts { get; } = new();

    /// <summary>Responds to a change of an account with this status instead of recording it.</summary>
    public int? AccountsRefusal { get; set; }

    /// <summary>Every verified token so far, of any request.</summary>
    public ConcurrentQueue<JsonWebToken> Tokens { get; } = new();

    /// <summary>The finished and running jobs.</summary>
    public FakeJobs Jobs { get; } = new();

    public static async Task<FakeCollector> StartAsync(FleetSnapshot? snapshot = null, Uri? at = null)
    {
        var collector = new FakeCollector { _snapshot = snapshot };
        collector.Url = at ?? collector.Url;
        await collector.ListenAsync();
        return collector;
    }

    /// <summary>Starts listening, on the previous port if there was one.</summary>
    public async Task ListenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Url.ToString());
        _app = builder.Build();
        _app.MapGet(CollectorRoutes.FleetStream, StreamAsync);
        _app.MapGet(CollectorRoutes.App, AppAsync);
        _app.Use(
            async (context, next) =>
            {
                if (await VerifyAsync(context) is { } token)
                {
                    Tokens.Enqueue(token);
                }
                await next(context);
            }
        );
        Jobs.Map(_app);
        Jobs.Send = Write;
        _app.MapPost(CollectorRoutes.AuditAccounts, (Delegate)AccountAsync);
        _app.MapGet(CollectorRoutes.ContainerLogs, (string id, HttpContext context) => LogsAsync(id, context));
        _app.MapGet(CollectorRoutes.AppLogs, (HttpContext context) => LogsAsync(null, context));
        await _app.StartAsync();
        Url = new Uri(_app.Urls.Single());
    }

    /// <summary>Stops listening and drops every stream, like a killed process.</summary>
    public async Task GoAsync()
    {
        Cut();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
        _app = null;
    }

    public void Push(FleetSnapshot snapshot)
    {
        (_snapshot, _pushed) = (snapshot, TimeProvider.System.GetTimestamp());
        Write(Event(CollectorRoutes.SnapshotEvent, JsonSerializer.Serialize(snapshot, ContractsJson.Default.FleetSnapshot)));
    }

    public void Heartbeat() => Write(Event(CollectorRoutes.HeartbeatEvent, "{}"));

    public void Garble() => Write(Event(CollectorRoutes.SnapshotEvent, "{ this is no snapshot"));

    public void Cut()
    {
        foreach (var connection in _connections.Values)
        {
            try
            {
                connection.Context.Abort();
            }
            catch (ObjectDisposedException)
            {
                // It has ended by itself in the meantime.
            }
        }
    }

    /// <summary>The verified token of the next request.</summary>
    public Task<JsonWebToken> NextCallAsync(CancellationToken cancellationToken) => _calls.Reader.ReadAsync(cancellationToken).AsTask();

    public async ValueTask DisposeAsync() => await GoAsync();

    internal static string Event(string name, string data) =>
        string.Create(CultureInfo.InvariantCulture, $"event: {name}\ndata: {data}\n\n");

    private void Write(string text)
    {
        foreach (var connection in _connections.Values)
        {
            connection.Outgoing.Writer.TryWrite(text);
        }
    }

    private async Task StreamAsync(HttpContext context)
    {
        if (await VerifyAsync(context) is not { } token)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        _calls.Writer.TryWrite(token);
        Encodings.Enqueue(context.Request.Headers.AcceptEncoding.ToString());
        Watching.Enqueue(context.Request.Query[CollectorRoutes.WatchingParameter]);
        if (Refusal is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }
        var connection = new Connection(context, Channel.CreateUnbounded<string>());
        var id = Guid.NewGuid();
        if (Silent)
        {
            _connections[id] = connection;
        }
        else
        {
            Jobs.Start(text => connection.Outgoing.Writer.TryWrite(text), () => _connections[id] = connection);
        }
        try
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.StartAsync(context.RequestAborted);
            if (_snapshot is { } snapshot && !Silent)
            {
                snapshot =
                    Hangs || Watching.Count <= 1
                        ? snapshot
                        : snapshot with
                        {
                            TakenAt = snapshot.TakenAt + TimeProvider.System.GetElapsedTime(_pushed),
                        };
                connection.Outgoing.Writer.TryWrite(
                    Event(CollectorRoutes.SnapshotEvent, JsonSerializer.Serialize(snapshot, ContractsJson.Default.FleetSnapshot))
                );
            }
            await foreach (var text in connection.Outgoing.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync(text, context.RequestAborted);
            }
        }
        catch (OperationCanceledException) { }
        finally
        {
            _connections.TryRemove(id, out _);
        }
    }

    private async Task<IResult> AppAsync(string app, HttpContext context)
    {
        if (await VerifyAsync(context) is not { } token)
        {
            return Results.Problem(statusCode: StatusCodes.Status401Unauthorized);
        }
        AppCalls.Enqueue(token);
        if (Refusal is { } status)
        {
            return Results.Problem("This is what the Collector says is wrong.", statusCode: status);
        }
        var name = app.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return _snapshot?.Apps.FirstOrDefault(one => one.Name == name) is { } found && Detail is { } detail
            ? Results.Json(detail(found), ContractsJson.Default.AppDetail)
            : Results.Problem("There is no app of this name.", statusCode: StatusCodes.Status404NotFound);
    }

    private async Task<IResult> AccountAsync(HttpContext context)
    {
        if (await VerifyAsync(context) is not { } token)
        {
            return Results.Problem(statusCode: StatusCodes.Status401Unauthorized);
        }
        if (AccountsRefusal is { } status)
        {
            return Results.Problem("The audit trail cannot be written.", statusCode: status);
        }
        Accounts.Enqueue(((await context.Request.ReadFromJsonAsync(ContractsJson.Default.AccountChange))!, token));
        return Results.NoContent();
    }

    private async Task LogsAsync(string? id, HttpContext context)
    {
        if (await VerifyAsync(context) is { } token)
        {
            await Logs.AnswerAsync(id, token, context);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
    }

    internal static async Task<JsonWebToken?> VerifyAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.Ordinal))
        {
            return null;
        }
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(
            header["Bearer ".Length..],
            new TokenValidationParameters
            {
                ValidIssuer = CollectorToken.Issuer,
                ValidAudience = CollectorToken.Audience,
                ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
                IssuerSigningKey = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(Secret)),
                ClockSkew = TimeSpan.FromSeconds(5),
            }
        );
        return
            result is { IsValid: true, SecurityToken: JsonWebToken token }
            && token.ValidTo - token.IssuedAt <= TimeSpan.FromSeconds(CollectorToken.MaxLifetimeSeconds)
            ? token
            : null;
    }

    private sealed record Connection(HttpContext Context, Channel<string> Outgoing);
}
