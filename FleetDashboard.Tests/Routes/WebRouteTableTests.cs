using System.Net;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Auth;
using Xunit;

namespace FleetDashboard.Tests.Routes;

/// <summary>
/// Every route of Web, and who may call it. A route without a row fails. The page's static files are open to all and contain no data.
/// </summary>
public sealed class WebRouteTableTests(WebRoutesFixture fixture) : IClassFixture<WebRoutesFixture>
{
    private const string Id = "0123456789ab0123456789ab0123456789ab0123456789ab0123456789ab0123";

    private static readonly Dictionary<string, Rights> Table = new()
    {
        ["* /health"] = Rights.None,
        ["* /alive"] = Rights.None,
        ["GET,HEAD /{**path:file}"] = Rights.Viewer, // a file that does not exist
        ["GET,POST /sign-in"] = Rights.None,
        ["GET,POST /sign-in/failed"] = Rights.None,
        ["GET,POST /signed-out"] = Rights.None,
        ["GET,POST /status/{Code:int}"] = Rights.None,
        ["POST /passkeys/request"] = Rights.None,
        ["GET,POST /no-access"] = Rights.SignedIn,
        ["POST /sign-out"] = Rights.SignedIn,
        ["* /_blazor"] = Rights.Viewer,
        ["* /_blazor/disconnect"] = Rights.Viewer,
        ["* /_blazor/initializers"] = Rights.Viewer,
        ["* /_blazor/negotiate"] = Rights.Viewer,
        ["GET /_framework/opaque-redirect"] = Rights.Viewer,
        ["GET /activity/export"] = Rights.Viewer,
        ["GET /logs/apps/{app}"] = Rights.Viewer,
        ["GET /logs/apps/{app}/download"] = Rights.Viewer,
        ["GET /logs/containers/{id}"] = Rights.Viewer,
        ["GET /logs/containers/{id}/download"] = Rights.Viewer,
        ["GET /logs/hosts/{host}/apps/{app}"] = Rights.Viewer,
        ["GET /logs/hosts/{host}/apps/{app}/download"] = Rights.Viewer,
        ["GET,POST /"] = Rights.Viewer,
        ["GET,POST /account"] = Rights.Viewer,
        ["GET,POST /activity"] = Rights.Viewer,
        ["GET,POST /apps"] = Rights.Viewer,
        ["GET,POST /apps/{Name}"] = Rights.Viewer,
        ["GET,POST /apps/{Name}/logs"] = Rights.Viewer,
        ["GET,POST /containers/{Id}/logs"] = Rights.Viewer,
        ["GET,POST /networks"] = Rights.Viewer,
        ["GET,POST /ports"] = Rights.Viewer,
        ["POST /passkeys/creation"] = Rights.Viewer,
        ["GET,POST /users"] = Rights.Operator,
    };

    /// <summary>Routes that exist only with a provider, beside pages with the same address.</summary>
    private static readonly string[] OfAProvider = ["GET /sign-in", "POST /sign-out/back-channel"];

    private enum Rights
    {
        None,
        SignedIn,
        Viewer,
        Operator,
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Rows => [.. Table.Keys];

    [Fact]
    public void EveryRoute_HasARow() => Assert.Equal(Table.Keys.Order(StringComparer.Ordinal), Routes(fixture.App));

    [Fact]
    public async Task EveryRoute_OfAProvider_HasARow()
    {
        await using var app = WebApp.Start(
            fixture.Collector.Url,
            [new("Auth:Oidc:Authority", "http://127.0.0.1:1"), new("Auth:Oidc:ClientId", "fleet"), new("Auth:Oidc:DefaultRole", "viewer")]
        );

        Assert.Equal(Table.Keys.Concat(OfAProvider).Order(StringComparer.Ordinal), Routes(app));
        using var stranger = new Browserless(app);
        Assert.Equal(HttpStatusCode.BadRequest, (await stranger.PostAsync(AccountRoutes.BackChannelSignOut, [], Token)).StatusCode);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Route_EachCaller_IsAcceptedAsItsRowSays(string route)
    {
        var (method, path) = RouteList.Request(route, Id, Id, "shop");
        foreach (
            var (who, rights) in new[]
            {
                ("anonymous", Rights.None),
                ("guest", Rights.SignedIn),
                ("vera", Rights.Viewer),
                (WebApp.Admin, Rights.Operator),
            }
        )
        {
            Assert.True(rights >= Table[route] == await IsLetInAsync(fixture.Visitors[who], null), $"{who} at {route}");
        }

        // Tokens between Web and the Collectors are not accepted here, even with the right secret.
        foreach (
            var token in (string[])
                [
                    CollectorHost.Token(FakeCollector.Secret, role: Roles.Operator),
                    CollectorHost.ActingToken(new Uri(fixture.App.Url, path), FakeCollector.Secret),
                ]
        )
        {
            Assert.True(Table[route] == Rights.None == await IsLetInAsync(fixture.Visitors["anonymous"], token), $"a token at {route}");
        }

        async Task<bool> IsLetInAsync(Browserless visitor, string? token)
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Authorization = token is null ? null : new("Bearer", token);
            using var answer = await visitor.OpenAsync(request, Token);
            var away = answer.Headers.Location is { } location ? new Uri(fixture.App.Url, location).AbsolutePath : "";
            return answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                && away is not (AccountRoutes.SignIn or AccountRoutes.NoAccess);
        }
    }

    private static IEnumerable<string> Routes(WebApp app) =>
        RouteList
            .From(app.Services)
            .Where(route => !IsFile(route[route.IndexOf('/', StringComparison.Ordinal)..]))
            .Order(StringComparer.Ordinal);

    private static bool IsFile(string path) => Path.GetExtension(path) is ".css" or ".js" or ".svg" or ".gz" or ".br" or ".map" or ".txt";
}

/// <summary>Web with a signed-in user of each kind, for all rows.</summary>
public sealed class WebRoutesFixture : IAsyncLifetime
{
    internal FakeCollector Collector { get; private set; } = null!;

    internal WebApp App { get; private set; } = null!;

    internal Dictionary<string, Browserless> Visitors { get; } = [];

    public async ValueTask InitializeAsync()
    {
        Collector = await FakeCollector.StartAsync(Snapshots.Fleet());
        App = WebApp.Start(Collector.Url);
        await App.UntilAsync(view => view.IsCurrent, TestContext.Current.CancellationToken);
        await App.AddUserAsync("guest", role: null);
        await App.AddUserAsync("vera", Roles.Viewer);
        foreach (var name in (string[])["anonymous", "guest", "vera", WebApp.Admin])
        {
            Visitors[name] = new Browserless(App);
            if (name != "anonymous")
            {
                await Visitors[name].SignInAsync(name, WebApp.Password, TestContext.Current.CancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var visitor in Visitors.Values)
        {
            visitor.Dispose();
        }
        await App.DisposeAsync();
        await Collector.DisposeAsync();
    }
}
