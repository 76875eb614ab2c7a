using FleetDashboard.Tests.Support;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace FleetDashboard.Tests.Engine.Recreate;

/// <summary>
/// Whatever fails at whatever step on a real engine: the old container runs again under its name, and nothing else is left.
/// </summary>
public sealed class RecreateFailsTests(EngineFixture fixture)
{
    private const string Port = """
        { "StopTimeout": 0, "ExposedPorts": { "80/tcp": {} }, "HostConfig": { "RestartPolicy": { "Name": "always" },
          "PortBindings": { "80/tcp": [{ "HostIp": "127.0.0.1", "HostPort": "18777" }] } } }
        """;
    private static readonly string[] Good = ["CMD [\"sleep\", \"3600\"]"];
    private static readonly string[] Steps = ["stop", "rename", "create", "json", "connect", "start"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, ProxyFault?> StepsAndFaults =>
        new(
            from step in Steps
            from fault in (ProxyFault?[])[ProxyFault.Refused, ProxyFault.LostOnTheWay, ProxyFault.AnswerLost, null]
            where step != "json" || fault is ProxyFault.Refused or null // an inspection is retried
            select (step, fault)
        );

    /// <summary>A null fault means a cancellation at that step.</summary>
    [EngineTheory]
    [MemberData(nameof(StepsAndFaults))]
    public async Task Step_Fails_OldContainerRunsAgain(string step, ProxyFault? fault)
    {
        await using var door = await EngineProxy.OpenAsync(fixture.Endpoint);
        await using var lab = await RecreateLab.StartAsync(
            fixture,
            $"fails-{step}-{fault?.ToString() ?? "cancelled"}".ToLowerInvariant(),
            Good,
            ["CMD [\"sleep\", \"7200\"]"],
            door.Endpoint
        );
        var network = await lab.NetworkAsync($"{lab.Name}-net", "10.214.9.0/24");
        var id = await lab.StartAsync($$"""{ "StopTimeout": 0, "HostConfig": { "NetworkMode": "bridge" } }""");
        await lab.Docker.Networks.ConnectNetworkAsync(network, new() { Container = id }, Cancelled);
        using var cancel = new CancellationTokenSource();
        var renamed = false;
        var done = false;
        door.Before = async request =>
        {
            var path = request.Path.Value!;
            renamed |= path.EndsWith("/rename", StringComparison.Ordinal);
            // The inspection of the new container, not those before any change.
            var wanted =
                path.EndsWith($"/{step}", StringComparison.Ordinal)
                && (step != "json" || (renamed && !path.Contains(id, StringComparison.Ordinal)));
            if (!wanted || done)
            {
                return null;
            }

            done = true;
            if (fault is null)
            {
                await cancel.CancelAsync();
            }

            return fault;
        };

        var result = await lab.UpdateAsync(id, cancel.Token);

        Assert.True(done);
        Assert.False(result.Succeeded);
        Assert.EndsWith($"The old container runs again as {lab.Name}.", result.Message, StringComparison.Ordinal);
        await AssertRestoredAsync(lab, id);
    }

    [EngineTheory]
    [InlineData("gone-command", "CMD [\"/no/such/program\"]", "no such file")]
    [InlineData("ends", "CMD [\"sh\", \"-c\", \"echo no config, no life >&2; exit 1\"]", "The new container is restarting")]
    [InlineData(
        "unhealthy",
        "CMD [\"sleep\", \"7200\"]\nHEALTHCHECK --interval=200ms --timeout=2s --retries=2 CMD [\"sh\", \"-c\", \"echo not today; exit 1\"]",
        "health check output: not today"
    )]
    public async Task NewImage_Broken_OldContainerRunsAgain(string name, string image, string reason)
    {
        await using var lab = await RecreateLab.StartAsync(fixture, $"broken-{name}", Good, image.Split('\n'));
        var id = await lab.StartAsync(Port.Replace("18777", "18778", StringComparison.Ordinal));

        var result = await lab.UpdateAsync(id, Cancelled);

        Assert.False(result.Succeeded);
        Assert.Contains(reason, result.Message, StringComparison.Ordinal);
        Assert.EndsWith($"The old container runs again as {lab.Name}.", result.Message, StringComparison.Ordinal);
        await AssertRestoredAsync(lab, id);
        Assert.Equal(name == "ends", lab.Lines.Contains("no config, no life"));
    }

    [EngineFact]
    public async Task Port_TakenInTheGap_OldContainerRunsAgainWhenItIsFree()
    {
        await using var door = await EngineProxy.OpenAsync(fixture.Endpoint);
        await using var lab = await RecreateLab.StartAsync(fixture, "fails-port", Good, ["CMD [\"sleep\", \"7200\"]"], door.Endpoint);
        var id = await lab.StartAsync(Port);
        string? thief = null;
        door.Before = async request =>
        {
            if (thief is null && request.Path.Value!.EndsWith("/create", StringComparison.Ordinal))
            {
                thief = await lab.StartAsync(Port, "fails-thief");
            }
            else if (thief is not null && HttpMethods.IsDelete(request.Method))
            {
                await lab.Docker.Containers.RemoveContainerAsync(thief, new() { Force = true }, Cancelled);
            }

            return null;
        };

        var result = await lab.UpdateAsync(id, Cancelled);

        Assert.Contains("port is already allocated", result.Message, StringComparison.Ordinal);
        Assert.EndsWith($"The old container runs again as {lab.Name}.", result.Message, StringComparison.Ordinal);
        await AssertRestoredAsync(lab, id);
    }

    [EngineFact]
    public async Task Network_Removed_NothingIsChanged()
    {
        await using var lab = await RecreateLab.StartAsync(fixture, "fails-network", Good, ["CMD [\"sleep\", \"7200\"]"]);
        var network = await lab.NetworkAsync("fails-network-net", "10.214.10.0/24");
        var id = await lab.StartAsync($$"""{ "StopTimeout": 0, "HostConfig": { "NetworkMode": "{{network}}" } }""");
        await lab.Engine.StopAsync(id, TimeSpan.Zero, Cancelled);
        await lab.Docker.Networks.DeleteNetworkAsync(network, Cancelled);

        var result = await lab.UpdateAsync(id, Cancelled);

        Assert.Equal(
            $"Its network {network} was removed, so neither a new container nor this one could start. Nothing was changed.",
            result.Message
        );
        Assert.Equal("exited", (string)(await lab.InspectAsync(lab.Name))["State"]!["Status"]!);
    }

    [EngineFact]
    public async Task Image_RemovedInTheGap_OldContainerRunsAgain()
    {
        await using var door = await EngineProxy.OpenAsync(fixture.Endpoint);
        await using var lab = await RecreateLab.StartAsync(fixture, "fails-image", Good, ["CMD [\"sleep\", \"7200\"]"], door.Endpoint);
        var id = await lab.StartAsync("""{ "StopTimeout": 0 }""");
        door.Before = async request =>
        {
            if (request.Path.Value!.EndsWith("/rename", StringComparison.Ordinal) && lab.NewId.Length > 0)
            {
                await lab.Docker.Images.DeleteImageAsync(lab.NewId, new() { Force = true }, Cancelled);
                door.Before = null;
            }

            return null;
        };

        var result = await lab.UpdateAsync(id, Cancelled);

        Assert.StartsWith("No such image", result.Message, StringComparison.Ordinal);
        await AssertRestoredAsync(lab, id);
    }

    [EngineTheory]
    [InlineData("removes-itself", """{ "HostConfig": { "AutoRemove": true } }""", "It removes itself when it stops")]
    public async Task Container_CannotBeRestored_IsNotChanged(string name, string body, string reason)
    {
        await using var lab = await RecreateLab.StartAsync(fixture, $"fails-{name}", Good, ["CMD [\"sleep\", \"7200\"]"]);
        var id = await lab.StartAsync(body);
        var started = (string)(await lab.InspectAsync(id))["State"]!["StartedAt"]!;

        var result = await lab.UpdateAsync(id, Cancelled);

        Assert.StartsWith(reason, result.Message, StringComparison.Ordinal);
        Assert.Equal(started, (string)(await lab.InspectAsync(id))["State"]!["StartedAt"]!);
    }

    private static async Task AssertRestoredAsync(RecreateLab lab, string id)
    {
        var old = await lab.InspectAsync(lab.Name);
        Assert.Equal(id, (string)old["Id"]!);
        Assert.Equal("running", (string)old["State"]!["Status"]!);
        Assert.DoesNotContain(await lab.NamesAsync(), name => name != lab.Name && name.StartsWith(lab.Name, StringComparison.Ordinal));
    }
}
