using System.Net;
using System.Runtime.Versioning;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Deployment;
using FleetDashboard.Tests.Support.Lab;
using Xunit;

namespace FleetDashboard.Tests.Deployment;

/// <summary>Backup and restore with the commands of <c>docs/operations.md</c>.</summary>
[Collection(nameof(ComposeFleet))]
[Trait("Category", "Deployment")]
[SupportedOSPlatform("linux")]
public sealed class ComposeBackupTests(ComposeFleet fleet, EngineFixture engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task Backup_RestoredAfterAWipe_TrailAccountsAndCookiesAreValid()
    {
        await fleet.UpAsync(Token);
        var victim = await engine.RunAsync(new LabContainer(engine.NameOf("backedup")) { StopTimeout = TimeSpan.Zero }, Token);
        await fleet.RestartAsync(victim, Token);
        using var visitor = new Browserless(await fleet.PageAsync(Token));
        await visitor.SignInAsync("admin", ComposeFleet.AdminPassword, Token);
        var whole = await fleet.VerifyAsync(Token);
        using var collector = new MemoryStream();
        using var web = new MemoryStream();

        await fleet.ComposeAsync(["stop"], Token);
        await fleet.DockerAsync(Stream.Null, collector, ["cp", $"{await fleet.IdAsync("collector", Token)}:/data/.", "-"], Token);
        await fleet.DockerAsync(Stream.Null, web, ["cp", $"{await fleet.IdAsync("web", Token)}:/data/.", "-"], Token);

        await fleet.ComposeAsync(["down", "--volumes"], Token);
        await fleet.ComposeAsync(["up", "--no-start"], Token);
        collector.Position = web.Position = 0;
        await fleet.DockerAsync(collector, Stream.Null, ["cp", "-", $"{await fleet.IdAsync("collector", Token)}:/data"], Token);
        await fleet.DockerAsync(web, Stream.Null, ["cp", "-", $"{await fleet.IdAsync("web", Token)}:/data"], Token);
        await fleet.ComposeAsync(["up", "--detach"], Token);
        await fleet.HealthyAsync(Token);

        Assert.Contains("is intact", whole, StringComparison.Ordinal);
        Assert.Equal(whole, await fleet.VerifyAsync(Token));
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync(new Uri(await fleet.PageAsync(Token), "/").ToString(), Token)).StatusCode);
        using var another = new Browserless(await fleet.PageAsync(Token));
        Assert.Equal(HttpStatusCode.Redirect, (await another.SignInAsync("admin", ComposeFleet.AdminPassword, Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await another.GetAsync("/", Token)).StatusCode);
    }
}
