using System.Net;
using System.Runtime.Versioning;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Deployment;
using Xunit;

namespace FleetDashboard.Tests.Deployment;

/// <summary>The steps in docs/operations.md for rotating the shared secret, with <c>deploy/compose.rotation.yaml</c>.</summary>
[Collection(nameof(ComposeFleet))]
[Trait("Category", "Deployment")]
[SupportedOSPlatform("linux")]
public sealed class ComposeRotationTests(ComposeFleet fleet)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task Rotation_AcceptsBothSecrets_ThenOnlyTheNewOne_AndKeepsSessions()
    {
        await fleet.UpAsync(Token);
        using var visitor = new Browserless(await fleet.PageAsync(Token));
        await visitor.SignInAsync("admin", ComposeFleet.AdminPassword, Token);
        var old = fleet.SharedSecret;

        await fleet.BeginRotationAsync(Token);
        Assert.NotEqual(old, fleet.SharedSecret);
        Assert.Equal(HttpStatusCode.OK, await fleet.AnswerToAsync(old, Token));
        Assert.Equal(HttpStatusCode.OK, await fleet.AnswerToAsync(fleet.SharedSecret, Token));

        await fleet.RestartWebAsync(Token);
        await fleet.EndRotationAsync(Token);
        Assert.Equal(HttpStatusCode.Unauthorized, await fleet.AnswerToAsync(old, Token));
        Assert.Equal(HttpStatusCode.OK, await fleet.AnswerToAsync(fleet.SharedSecret, Token));

        // Published on any free port, so the port may have changed.
        using var after = new Browserless(await fleet.PageAsync(Token)) { Cookies = visitor.Cookies };
        Assert.Equal(HttpStatusCode.OK, (await after.GetAsync("/", Token)).StatusCode);
    }
}
