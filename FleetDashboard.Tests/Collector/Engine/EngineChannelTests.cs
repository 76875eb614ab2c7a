using System.Net;
using System.Text;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Tests.Collector.Fuzz;
using Microsoft.Extensions.Options;
using Xunit;

namespace FleetDashboard.Tests.Collector.Engine;

/// <summary>Every call to the engine uses the same handler, the same API version and the same kind of error.</summary>
public sealed class EngineChannelTests
{
    private static readonly string Id = new('a', 64);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_BeforeTheNegotiation_WaitsForItAndUsesItsVersion()
    {
        await using var engine = await FuzzEngine.StartAsync(Token);
        Answer(engine, "/version", """{"ApiVersion":"1.44","MinAPIVersion":"1.24"}""");
        Answer(engine, "/info", "{}");
        Answer(engine, "/networks", "[]");
        Answer(engine, $"/containers/{Id}/json", $$"""{"Id":"{{Id}}","Name":"/otter"}""");

        var (raw, typed) = (engine.Client.NetworksAsync(Token), engine.Client.InspectAsync(Id, Token));
        Assert.Empty(engine.Requests);
        await engine.Client.ConnectAsync(Token);

        Assert.Empty(await raw);
        Assert.Equal("otter", (await typed)!.Name);
        Assert.Equal(["/v1.44/containers/" + Id + "/json", "/v1.44/info", "/v1.44/networks", "/version"], engine.Requests.Order());
    }

    [Fact]
    public async Task Inspection_OverTheLimit_IsRefusedWithItsPath()
    {
        await using var engine = await FuzzEngine.StartAsync(Token);
        engine.Channel.Settle(engine.Channel.Identity);
        Answer(engine, $"/containers/{Id}/json", $$"""{"Id":"{{Id}}","Name":"/{{new string('x', EngineLimits.InspectBytes)}}"}""");

        var fault = await Assert.ThrowsAnyAsync<Exception>(() => engine.Client.InspectAsync(Id, Token));

        Assert.Contains("/containers/{id}/json is too large", EngineFault.Describe(fault), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_OfTypedAndRawCalls_IsTheSameError()
    {
        await using var engine = await FuzzEngine.StartAsync(Token);
        engine.Channel.Settle(engine.Channel.Identity);

        var typed = await Assert.ThrowsAsync<EngineRefusal>(() => engine.Channel.Docker.Containers.InspectContainerAsync(Id, Token));
        var raw = await Assert.ThrowsAsync<EngineRefusal>(() => engine.Client.NetworksAsync(Token));

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (typed.Status, raw.Status));
        Assert.Null(await engine.Client.InspectAsync(Id, Token));
        Assert.Null(await engine.Stats.ReadAsync(Id, Token));
        Assert.Null(await engine.Images.FindAsync("nginx", Token));
    }

    [Fact]
    public async Task Engine_ThatIsAway_IsDescribedBySocketAndCause()
    {
        using var channel = new EngineChannel(Options.Create(new EngineOptions { Endpoint = new Uri("unix:///no/such.sock") }));
        channel.Settle(channel.Identity);

        var typed = await Assert.ThrowsAsync<EngineException>(() => channel.Docker.Containers.InspectContainerAsync(Id, Token));
        var raw = await Assert.ThrowsAsync<EngineException>(() => channel.Http.GetAsync("/networks", Token));

        Assert.Equal(raw.Message, typed.Message);
        Assert.Equal("unix:///no/such.sock does not exist. Set Engine:Endpoint (DOCKER_HOST) to where the engine listens.", raw.Message);
    }

    [Theory]
    [InlineData("{\"Id\":7}")]
    [InlineData("[]")]
    [InlineData("<html>")]
    public async Task Inspection_ThatIsNoContainer_IsAnEngineException(string json)
    {
        await using var engine = await FuzzEngine.StartAsync(Token);
        engine.Channel.Settle(engine.Channel.Identity);
        Answer(engine, $"/containers/{Id}/json", json);

        await Assert.ThrowsAnyAsync<EngineException>(() => engine.Client.InspectAsync(Id, Token));
    }

    private static void Answer(FuzzEngine engine, string path, string json) => engine.Answers[path] = Encoding.UTF8.GetBytes(json);
}
