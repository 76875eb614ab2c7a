using System.Net.Http.Headers;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FleetDashboard.Tests.Routes;

/// <summary>Every route of the Collector, and who may call it. A route without a row fails.</summary>
public sealed class CollectorRouteTableTests(CollectorRoutesFixture fixture) : IClassFixture<CollectorRoutesFixture>
{
    private static readonly Dictionary<string, Access> Table = new()
    {
        ["* /health"] = Access.Open,
        ["* /alive"] = Access.Open,
        ["* /metrics"] = Access.Open,
        ["GET /metrics/cadvisor"] = Access.Open,
        ["GET /openapi/v1.json"] = Access.Read,
        ["GET /api/v1/fleet"] = Access.Read,
        ["GET /api/v1/fleet/stream"] = Access.Read,
        ["GET /api/v1/apps/{app}"] = Access.Read,
        ["GET /api/v1/apps/{app}/logs"] = Access.Read,
        ["GET /api/v1/containers/{id}"] = Access.Read,
        ["GET /api/v1/containers/{id}/logs"] = Access.Read,
        ["GET /api/v1/jobs"] = Access.Read,
        ["GET /api/v1/jobs/{id}"] = Access.Read,
        ["GET /api/v1/jobs/{id}/stream"] = Access.Read,
        ["GET /api/v1/audit"] = Access.Read,
        ["GET /api/v1/audit/export"] = Access.Read,
        ["POST /api/v1/audit/accounts"] = Access.Account,
        ["POST /api/v1/apps/{app}/restart"] = Access.Act,
        ["POST /api/v1/apps/{app}/pull"] = Access.Act,
        ["POST /api/v1/apps/{app}/update"] = Access.Act,
        ["POST /api/v1/apps/{app}/rebuild"] = Access.Act,
        ["POST /api/v1/containers/{id}/restart"] = Access.Act,
        ["POST /api/v1/containers/{id}/pull"] = Access.Act,
        ["POST /api/v1/containers/{id}/update"] = Access.Act,
        ["POST /api/v1/containers/{id}/rebuild"] = Access.Act,
        ["POST /api/v1/apps/{app}/actions/{action}"] = Access.Act,
        ["POST /api/v1/containers/{id}/actions/{action}"] = Access.Act,
        ["POST /api/v1/jobs/{id}/cancel"] = Access.Act,
    };

    /// <summary>The callers with their tokens. The argument is the request.</summary>
    private static readonly Dictionary<string, Func<Uri, string, string?>> Callers = new()
    {
        ["anonymous"] = (_, _) => null,
        ["viewer"] = (_, _) => CollectorHost.Token(role: Roles.Viewer),
        ["operator, plain token"] = (_, _) => CollectorHost.Token(role: Roles.Operator),
        ["operator"] = (target, method) => CollectorHost.ActingToken(target, method: method),
        ["operator, another route"] = (target, method) =>
            CollectorHost.ActingToken(new Uri(target, "/api/v1/apps/other/restart"), method: method),
        ["operator, another method"] = (target, _) => CollectorHost.ActingToken(target, method: "PUT"),
        ["operator, another host"] = (target, method) =>
            CollectorHost.ActingToken(new Uri(new Uri("http://10.9.8.7:8080"), target.AbsolutePath), method: method),
        ["viewer, acting"] = (target, method) => CollectorHost.ActingToken(target, role: Roles.Viewer, method: method),
        ["no role"] = (target, method) => CollectorHost.ActingToken(target, role: "visitor", method: method),
        ["another secret"] = (target, method) =>
            CollectorHost.ActingToken(target, secret: "another-secret-of-enough-bytes-0123456789", method: method),
    };

    private static readonly string[] NobodyInParticular = ["anonymous", "no role", "another secret"];

    private enum Access
    {
        /// <summary>For probes and scrapers: no token needed.</summary>
        Open,

        /// <summary>Any token of a viewer or an operator, with any purpose.</summary>
        Read,

        /// <summary>An operator's token for exactly this request.</summary>
        Act,

        /// <summary>The same, also from a viewer.</summary>
        Account,
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Rows => [.. Table.Keys];

    [Fact]
    public void EveryRoute_HasARow() =>
        Assert.Equal(Table.Keys.Order(StringComparer.Ordinal), RouteList.From(fixture.Collector.Services).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Route_EachCaller_IsAcceptedAsItsRowSays(string route)
    {
        var (method, path) = RouteList.Request(route, fixture.Container.Id, fixture.Job, Uri.EscapeDataString(fixture.App));
        foreach (var (who, tokenFor) in Callers)
        {
            var target = new Uri(fixture.Collector.Address, path);
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(method, target);
            request.Headers.Authorization = tokenFor(target, method.Method) is { } token
                ? new AuthenticationHeaderValue("Bearer", token)
                : null;

            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);

            var isIn = (int)answer.StatusCode is not (401 or 403) || await IsGuardsAsync(answer);
            Assert.True(IsLetIn(Table[route], who) == isIn, $"{who} at {route}: {(int)answer.StatusCode}");
        }
    }

    // The guard refuses an action on this container to every caller, so the token itself was accepted.
    private static async Task<bool> IsGuardsAsync(HttpResponseMessage answer)
    {
        using var problem = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
        return problem.RootElement.TryGetProperty("code", out var code) && code.GetString() != RefusalCodes.Role;
    }

    private static bool IsLetIn(Access door, string who) =>
        door switch
        {
            Access.Open => true,
            Access.Read => !NobodyInParticular.Contains(who),
            Access.Act => who == "operator",
            _ => who is "operator" or "viewer, acting",
        };
}

/// <summary>A Collector with a fleet, for all rows.</summary>
public sealed class CollectorRoutesFixture : IAsyncLifetime
{
    private DemoEngineHost _engine = null!;

    internal CollectorHost Collector { get; private set; } = null!;

    internal string App { get; private set; } = "";

    internal ContainerSnapshot Container { get; private set; } = null!;

    internal string Job { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _engine = await DemoEngineHost.StartAsync(5, TestContext.Current.CancellationToken);
        Collector = await CollectorHost.StartAsync(
            _engine.Endpoint,
            TestContext.Current.CancellationToken,
            "--Actions:RequestsPerMinute=10000"
        );
        var fleet = await Collector.UntilAsync(fleet => fleet.Apps.Any(IsOpen), TestContext.Current.CancellationToken);
        var app = fleet.Apps.First(IsOpen);
        (App, Container) = (app.Name, app.Containers.First(container => container.Actions.Contains(ActionNames.Restart)));
        Job = (await Collector.PostAsync($"/api/v1/containers/{Container.Id}/restart", TestContext.Current.CancellationToken)).Job.Id;

        static bool IsOpen(AppSnapshot app) => app.Containers.Any(container => container.Actions.Contains(ActionNames.Restart));
    }

    public async ValueTask DisposeAsync()
    {
        await Collector.DisposeAsync();
        await _engine.DisposeAsync();
    }
}

/// <summary>The routes of a program, and how to request one.</summary>
internal static class RouteList
{
    public static IEnumerable<string> From(IServiceProvider services) =>
        services
            .GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => $"{Methods(endpoint)} /{endpoint.RoutePattern.RawText!.Trim('/')}")
            .Distinct();

    public static (HttpMethod Method, string Path) Request(string route, string id, string job, string app)
    {
        var parts = route.Split(' ');
        var method = parts[0].Contains("GET", StringComparison.Ordinal) || parts[0] == "*" ? HttpMethod.Get : new HttpMethod(parts[0]);
        return (
            method,
            parts[1]
                .Replace("{id}", parts[1].Contains("/jobs/", StringComparison.Ordinal) ? job : id, StringComparison.OrdinalIgnoreCase)
                .Replace("{app}", app, StringComparison.Ordinal)
                .Replace("{action}", ActionNames.Restart, StringComparison.Ordinal)
                .Replace("{Name}", app, StringComparison.Ordinal)
                .Replace("{host}", "lab-1", StringComparison.Ordinal)
                .Replace("{Code:int}", "404", StringComparison.Ordinal)
                .Replace("{**path:file}", "nothing.txt", StringComparison.Ordinal)
        );
    }

    private static string Methods(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is { HttpMethods: { Count: > 0 } methods }
            ? string.Join(',', methods.Order(StringComparer.Ordinal))
            : "*";
}
