using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Clients;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>The tokens that Web signs: as a viewer for reading, and for one request at one Collector for an action.</summary>
public sealed class TokenMintingTests : IAsyncLifetime
{
    private static readonly string[] Reads =
    [
        "/logs/apps/shop",
        "/logs/apps/shop/download",
        "/logs/containers/" + Id,
        "/activity/export",
        "/activity",
        "/apps/shop",
        "/",
    ];

    private const string Id = "0123456789ab0123456789ab0123456789ab0123456789ab0123456789ab0123";

    private FakeCollector _collector = default!;
    private WebApp _app = default!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _collector = await FakeCollector.StartAsync(Snapshots.Fleet());
        _app = WebApp.Start(_collector.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Fact]
    public async Task Reads_OfAnyUser_HaveTheViewerRole()
    {
        await _app.UntilAsync(view => view.IsCurrent, Cancelled);
        using var visitor = new Browserless(_app);
        await visitor.SignInAsync(WebApp.Admin, WebApp.Password, Cancelled);

        foreach (var path in Reads)
        {
            using var response = await visitor.OpenAsync(new HttpRequestMessage(HttpMethod.Get, path), Cancelled);
        }

        Assert.Contains(_collector.Tokens, token => token.GetClaim(CollectorToken.NameClaim).Value == WebApp.Admin);
        Assert.All(
            _collector.Tokens,
            token =>
            {
                Assert.Equal(Roles.Viewer, token.GetClaim(CollectorToken.RoleClaim).Value);
                Assert.Equal([CollectorToken.Audience], token.Audiences);
                Assert.False(token.TryGetClaim(CollectorToken.ScopeClaim, out _));
            }
        );
    }

    [Theory]
    [InlineData("http://collector:8080", "fleet-collector:collector:8080")]
    [InlineData("http://Collector", "fleet-collector:collector")]
    [InlineData("http://[fd00::7]:5081", "fleet-collector:[fd00::7]:5081")]
    public void ActionToken_StatesMethodPathAndCollector(string collector, string audience)
    {
        var tokens = new CollectorTokens(
            Options.Create(new CollectorsOptions { SharedSecret = FakeCollector.Secret }),
            TimeProvider.System
        );
        var target = new Uri(new Uri(collector), "/api/v1/apps/a%2Fb/restart?x=1");

        var token = new JsonWebToken(tokens.ToAct(new SignedInCaller("1", "olga", Roles.Operator, "10.0.0.7"), HttpMethod.Post, target));

        Assert.Equal([CollectorToken.Audience, audience], token.Audiences);
        Assert.Equal(
            (CollectorToken.ActScope, "POST", "/api/v1/apps/a%2Fb/restart", Roles.Operator, "10.0.0.7"),
            (
                Claim(CollectorToken.ScopeClaim),
                Claim(CollectorToken.MethodClaim),
                Claim(CollectorToken.PathClaim),
                Claim(CollectorToken.RoleClaim),
                Claim(CollectorToken.AddressClaim)
            )
        );

        string Claim(string name) => token.GetClaim(name).Value;
    }
}
