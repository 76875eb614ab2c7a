using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Engine.Recreate;

/// <summary>Kills the Collector during updates. <c>FLEET_TEST_KILLS</c> sets how often.</summary>
public sealed class RecreateKillTests(EngineFixture fixture)
{
    private const int LongestUpdate = 4_000; // about the length of an update in ms; the kill happens anywhere in it

    private static readonly int Kills = RequestedAmount.For("FLEET_TEST_KILLS", 8);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task Kill_AtRandomTimesDuringUpdates_NoContainerIsMissing()
    {
        var random = new Random(20261124);
        var data = Directory.CreateTempSubdirectory("fleet-update-kill-").FullName;
        using var trail = new TrailLab(folder: data);
        await using var lab = await RecreateLab.StartAsync(fixture, "killed", ["CMD [\"sleep\", \"3600\"]"], []);
        await lab.StartAsync("""{ "StopTimeout": 0, "Volumes": { "/var/kept": {} } }""");
        await lab.ExecAsync(lab.Name, "echo kept > /var/kept/file");

        for (var round = 0; round < Kills; round++)
        {
            await lab.Docker.MakeAsync(lab.Image, Cancelled, $"CMD [\"sleep\", \"{4000 + round}\"]");
            await using var collector = await CollectorProcess.StartAsync(fixture.Endpoint, data, Cancelled);
            await AssertWholeAsync(lab, trail, $"round {round}");
            var id = (string)(await lab.InspectAsync(lab.Name))["Id"]!;
            await Eventually.GetAsync(
                token => collector.PostAsync($"/api/v1/containers/{id}/update", token),
                status => status == 202,
                describe: status =>
                    $"{status} {trail.Reader.Newest(new() { Phase = AuditPhases.Refusal }, null, 1).FirstOrDefault()?.Reason}"
            );

            await Task.Delay(random.Next(0, LongestUpdate), Cancelled);
            await collector.KillAsync();
        }

        await using (await CollectorProcess.StartAsync(fixture.Endpoint, data, Cancelled))
        {
            await AssertWholeAsync(lab, trail, "the end");
        }

        Assert.Contains(
            trail.Reader.Oldest(new(), 0, int.MaxValue),
            record => record is { Phase: AuditPhases.Outcome, Outcome: JobStates.Interrupted }
        );
        Assert.Empty(Directory.GetFiles(Path.Combine(data, "recreate")));
        Directory.Delete(data, recursive: true);
    }

    private static async Task AssertWholeAsync(RecreateLab lab, TrailLab trail, string when)
    {
        await Eventually.GetAsync(
            _ => Task.FromResult(trail.Reader.Unfinished()),
            open => open.IsEmpty,
            describe: open => $"{when}: {open.Length} intents without an outcome"
        );
        Assert.Null(trail.Verify().Broken);
        Assert.Equal([lab.Name], (await lab.NamesAsync()).Where(name => name.StartsWith(lab.Name, StringComparison.Ordinal)));
        Assert.Equal("running", (string)(await lab.InspectAsync(lab.Name))["State"]!["Status"]!);
        Assert.Equal("kept", await lab.ExecAsync(lab.Name, "cat /var/kept/file"));
    }
}
