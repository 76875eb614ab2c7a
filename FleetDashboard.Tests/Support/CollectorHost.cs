using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using FleetDashboard.Collector;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FleetDashboard.Tests.Support;

/// <summary>The real Collector on its own port, with any engine, and a client that signs its requests.</summary>
internal sealed class CollectorHost : IAsyncDisposable
{
    public const string Secret = "a-secret-of-the-tests-0123456789-abcdef";

    private readonly WebApplication _app;
    private readonly DirectoryInfo? _data;

    private CollectorHost(WebApplication app, DirectoryInfo? data)
    {
        (_app, _data) = (app, data);
        Address = new Uri(app.Urls.First());
        Http = new HttpClient { BaseAddress = Address, Timeout = Eventually.Deadline };
        Authorize(Http);
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    /// <summary>The number of requests to the engine so far, by kind.</summary>
    public IReadOnlyDictionary<string, long> EngineCalls => _app.Services.GetRequiredService<EngineCalls>().Totals.ToDictionary();

    public IServiceProvider Services => _app.Services;

    public static Task<CollectorHost> StartAsync(Uri engine, CancellationToken cancellationToken, params string[] settings) =>
        StartAsync(engine, null, cancellationToken, settings);

    /// <summary>The same with services that a test adds.</summary>
    public static async Task<CollectorHost> StartAsync(
        Uri engine,
        Action<IServiceCollection>? more,
        CancellationToken cancellationToken,
        params string[] settings
    )
    {
        // a folder of its own, unless the test sets one
        var data = settings.Any(setting => setting.StartsWith("--Data:Path=", StringComparison.Ordinal))
            ? null
            : Directory.CreateTempSubdirectory("fleet-collector-");
        var app = CollectorApp.Build(
            [
                $"--Engine:Endpoint={engine}",
                $"--Auth:SharedSecret={Secret}",
                "--urls=http://127.0.0.1:0",
                "--Logging:LogLevel:Default=Error",
                "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Error",
                $"--Data:Path={data}",
                .. settings,
            ],
            more
        );
        await app.StartAsync(cancellationToken);
        return new CollectorHost(app, data);
    }

    /// <summary>A token as Web creates it, with changes that a test needs.</summary>
    public static string Token(
        string secret = Secret,
        string issuer = CollectorToken.Issuer,
        string audience = CollectorToken.Audience,
        string role = Roles.Viewer,
        TimeSpan? age = null,
        TimeSpan? life = null,
        string algorithm = SecurityAlgorithms.HmacSha256,
        string user = "Tester",
        IEnumerable<KeyValuePair<string, object>>? more = null
    )
    {
        var issued = TimeProvider.System.GetUtcNow().UtcDateTime - (age ?? TimeSpan.Zero);
        var claims = new Dictionary<string, object>
        {
            ["aud"] = audience,
            ["sub"] = user.ToLowerInvariant(),
            ["name"] = user,
            ["role"] = role,
            ["jti"] = Guid.NewGuid().ToString(),
        };
        foreach (var (name, value) in more ?? [])
        {
            claims[name] = value;
        }

        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = issuer,
                IssuedAt = issued,
                NotBefore = issued,
                Expires = issued + (life ?? TimeSpan.FromSeconds(CollectorToken.MaxLifetimeSeconds)),
                Claims = claims,
                SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret)), algorithm),
            }
        );
    }

    /// <summary>A token for one action: this method and path at this Collector.</summary>
    public static string ActingToken(
        Uri target,
        string secret = Secret,
        string role = Roles.Operator,
        string user = "Tester",
        string method = "POST"
    ) => Token(secret, role: role, user: user, more: Acting(method, target.AbsolutePath, CollectorToken.AudienceOf(target)));

    /// <summary>The claims of an action token, each of which a test can change.</summary>
    public static Dictionary<string, object> Acting(string method, string path, string audience, string scope = CollectorToken.ActScope) =>
        new()
        {
            ["aud"] = (string[])[CollectorToken.Audience, audience],
            [CollectorToken.ScopeClaim] = scope,
            [CollectorToken.MethodClaim] = method,
            [CollectorToken.PathClaim] = path,
        };

    /// <summary>Requests an action, as an operator by default.</summary>
    public async Task<Answer> PostAsync(
        string route,
        CancellationToken cancellationToken,
        string? token = null,
        string? key = null,
        string user = "Tester",
        string role = Roles.Operator
    )
    {
        using var http = new HttpClient { BaseAddress = Address };
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(Address.ToString().TrimEnd('/') + route, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true })
        );
        request.Headers.Authorization = token is ""
            ? null
            : new AuthenticationHeaderValue("Bearer", token ?? ActingToken(request.RequestUri!, role: role, user: user));
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation(CollectorRoutes.IdempotencyHeader, key);
        }

        using var response = await http.SendAsync(request, cancellationToken);
        return new Answer(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(cancellationToken),
            response.Headers.Location,
            response.Headers.RetryAfter?.Delta
        );
    }

    /// <summary>The current state of the job.</summary>
    public async Task<Job> JobAsync(string id, CancellationToken cancellationToken) =>
        (await GetAsync(CollectorRoutes.Fill(CollectorRoutes.Job, id), ContractsJson.Default.Job, cancellationToken))!;

    /// <summary>The job when it is finished, read from its stream, with its lines.</summary>
    public async Task<(Job Job, IReadOnlyList<JobLine> Lines)> EndOfAsync(Job job, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Eventually.Deadline);
        using var http = new HttpClient { BaseAddress = Address, Timeout = Timeout.InfiniteTimeSpan };
        Authorize(http);
        await using var body = await http.GetStreamAsync(
            new Uri(CollectorRoutes.Fill(CollectorRoutes.JobStream, job.Id), UriKind.Relative),
            limit.Token
        );
        var (last, lines) = (job, new List<JobLine>());
        await foreach (var item in SseParser.Create(body).EnumerateAsync(limit.Token))
        {
            last = item.EventType == CollectorRoutes.JobEvent ? JsonSerializer.Deserialize(item.Data, ContractsJson.Default.Job)! : last;
            if (item.EventType == CollectorRoutes.LineEvent)
            {
                lines.Add(JsonSerializer.Deserialize(item.Data, ContractsJson.Default.JobLine)!);
            }
        }

        return (last, lines);
    }

    /// <summary>The newest audit records, newest first.</summary>
    public async Task<IReadOnlyList<AuditRecord>> AuditAsync(CancellationToken cancellationToken, string query = "") =>
        (await GetAsync($"{CollectorRoutes.Audit}?limit=500{query}", ContractsJson.Default.AuditPage, cancellationToken))!.Records;

    private async Task<T?> GetAsync<T>(
        string route,
        System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type,
        CancellationToken cancellationToken
    )
    {
        Authorize(Http);
        return await Http.GetFromJsonAsync(route, type, cancellationToken);
    }

    public async Task<FleetSnapshot> FleetAsync(CancellationToken cancellationToken)
    {
        Authorize(Http);
        return (await Http.GetFromJsonAsync(CollectorRoutes.Fleet, ContractsJson.Default.FleetSnapshot, cancellationToken))!;
    }

    /// <summary>Waits on the stream for the first snapshot that matches. At the timeout it fails and shows the last snapshot.</summary>
    public async Task<FleetSnapshot> UntilAsync(
        Func<FleetSnapshot, bool> wanted,
        CancellationToken cancellationToken,
        TimeSpan? deadline = null,
        Func<FleetSnapshot, string>? describe = null,
        [CallerArgumentExpression(nameof(wanted))] string what = ""
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(deadline ?? Eventually.Deadline);
        FleetSnapshot? last = null;
        try
        {
            await foreach (var snapshot in WatchAsync(limit.Token))
            {
                last = snapshot;
                if (wanted(snapshot))
                {
                    return snapshot;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Reported below, with the last snapshot.
        }

        throw new TimeoutException(
            $"No snapshot matched: {what}. Last: "
                + (last is null ? "none" : describe?.Invoke(last) ?? $"{last.Verdict.Text}, stale {last.Stale}, sequence {last.Sequence}")
        );
    }

    /// <summary>The stream of snapshots, as Web reads it.</summary>
    public async IAsyncEnumerable<FleetSnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken, string query = "")
    {
        await foreach (var item in Events(cancellationToken, query))
        {
            if (item.EventType == CollectorRoutes.SnapshotEvent)
            {
                yield return JsonSerializer.Deserialize(item.Data, ContractsJson.Default.FleetSnapshot)!;
            }
        }
    }

    /// <summary>Every event of the fleet's stream.</summary>
    public async IAsyncEnumerable<SseItem<string>> Events([EnumeratorCancellation] CancellationToken cancellationToken, string query = "")
    {
        using var http = new HttpClient { BaseAddress = Address, Timeout = Timeout.InfiniteTimeSpan };
        Authorize(http);
        await using var body = await http.GetStreamAsync(new Uri(CollectorRoutes.FleetStream + query, UriKind.Relative), cancellationToken);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellationToken))
        {
            yield return item;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _data?.Delete(recursive: true);
    }

    private static void Authorize(HttpClient http) =>
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token());
}

/// <summary>The Collector's response to an action request.</summary>
internal sealed record Answer(int Status, string Body, Uri? Location, TimeSpan? RetryAfter)
{
    public Job Job => JsonSerializer.Deserialize(Body, ContractsJson.Default.Job)!;
}
