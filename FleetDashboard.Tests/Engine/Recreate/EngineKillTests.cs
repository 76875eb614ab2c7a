using System.Text.Json.Nodes;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using Xunit;

namespace FleetDashboard.Tests.Engine.Recreate;

/// <summary>Kills the engine during updates. <c>FLEET_TEST_KILLS</c> sets how often.</summary>
public sealed class EngineKillTests
{
    private const string Name = "victim",
        Image = "fleet/victim:1";
    private const int LongestUpdate = 4_000; // about the length of an update in ms; the kill happens anywhere in it

    private static readonly int Kills = RequestedAmount.For("FLEET_TEST_KILLS", 4);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task Engine_KilledAtRandomTimesDuringUpdates_NoContainerIsMissing()
    {
        var random = new Random(20261125);
        var data = Directory.CreateTempSubdirectory("fleet-engine-kill-").FullName;
        using var trail = new TrailLab(folder: data);
        await using var engine = await DisposableEngine.StartAsync(Token);
        await engine.Client.MakeAsync(Image, Token, "CMD [\"sleep\", \"3600\"]");
        var body = (JsonObject)
            JsonNode.Parse(
                $$"""
                { "Image": "{{Image}}", "StopTimeout": 1, "Volumes": { "/var/kept": {} }, "HostConfig": { "NetworkMode": "none",
                "RestartPolicy": { "Name": "unless-stopped" } } }
                """
            )!;
        await engine.Client.Containers.StartContainerAsync(await RawEngine.CreateAsync(engine.Endpoint, Name, body, Token), new(), Token);
        await engine.Client.ShellAsync(Name, "echo kept > /var/kept/file", Token);

        await using (var collector = await CollectorProcess.StartAsync(engine.Endpoint, data, Token))
        {
            for (var round = 0; round < Kills; round++)
            {
                await engine.Client.MakeAsync(Image, Token, $"CMD [\"sleep\", \"{4000 + round}\"]");
                var id = (string)(await InspectAsync(engine))["Id"]!;
                await Eventually.GetAsync(
                    token => collector.PostAsync($"/api/v1/containers/{id}/update", token),
                    status => status == 202,
                    describe: status =>
                        $"{status} {trail.Reader.Newest(new() { Phase = AuditPhases.Refusal }, null, 1).FirstOrDefault()?.Reason}"
                );

                await Task.Delay(random.Next(0, LongestUpdate), Token);
                await engine.KillAsync();
                await engine.BeginAsync(Token);

                await AssertWholeAsync(engine, trail, $"round {round}");
            }
        }

        Assert.Empty(Directory.GetFiles(Path.Combine(data, "recreate")));
        Directory.Delete(data, recursive: true);
    }

    private static async Task AssertWholeAsync(DisposableEngine engine, TrailLab trail, string when)
    {
        await Eventually.GetAsync(
            _ => Task.FromResult(trail.Reader.Unfinished()),
            open => open.IsEmpty,
            describe: open => $"{when}: {open.Length} intents without an outcome"
        );
        Assert.Null(trail.Verify().Broken);
        var said = trail.Reader.Newest(new() { Phase = AuditPhases.Outcome }, null, 1).First();
        TestContext.Current.SendDiagnosticMessage("{0}: {1}, {2}", when, said.Outcome!, said.Reason!);
        Assert.Equal(
            [$"/{Name}"],
            (await engine.Client.Containers.ListContainersAsync(new() { All = true }, Token)).SelectMany(container => container.Names)
        );
        Assert.Equal("running", (string)(await InspectAsync(engine))["State"]!["Status"]!);
        Assert.Equal("kept", await engine.Client.ShellAsync(Name, "cat /var/kept/file", Token));
    }

    private static async Task<JsonObject> InspectAsync(DisposableEngine engine) =>
        (await RawEngine.GetAsync(engine.Endpoint, $"containers/{Name}/json", Token))!.AsObject();
}
