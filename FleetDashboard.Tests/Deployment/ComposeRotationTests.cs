using System.Net;
using System.Runtime.Versioning;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Deployment;
using Xunit;

namespace FleetDashboard.Tests.Deployment;

/// <summary>The steps by which docs/operations.md rotates the shared secret, with <c>deploy/compose.rotation.yaml</c>.</summary>
[Collection(nameof(ComposeFleet))]
[Trait("Category", "Deployment")]
[SupportedOSPlatform("linux")]
public sealed class ComposeRotationTests(ComposeFleet fleet)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task Rotation_BothCountInBetween_ThenOnlyTheNewOne_AndNobodyIsSignedOut()
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

        // Published on whatever port is free, so that may be another now.
        using var after = new Browserless(await fleet.PageAsync(Token)) { Cookies = visitor.Cookies };
        Assert.Equal(HttpStatusCode.OK, (await after.GetAsync("/", Token)).StatusCode);
    }
}
