using FleetDashboard.Collector.Audit;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using Xunit;

namespace FleetDashboard.Tests.Engine;

/// <summary>Kills the Collector during jobs. <c>FLEET_TEST_KILLS</c> sets how often.</summary>
[Trait("Category", "Engine")]
public sealed class ActionKillTests(EngineFixture engine)
{
    private static readonly string[] Polite = ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 3600 & wait; done"];

    private static readonly int Kills = RequestedAmount.For("FLEET_TEST_KILLS", 20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task Kill_AtRandomTimesDuringJobs_TrailVerifiesAndEveryIntentHasAnOutcome()
    {
        var random = new Random(20261123);
        var data = Directory.CreateTempSubdirectory("fleet-kill-").FullName;
        using var lab = new TrailLab(folder: data);
        var ids = new List<string>();
        foreach (var number in Enumerable.Range(1, 3))
        {
            ids.Add(await engine.RunAsync(new LabContainer(engine.NameOf($"victim{number}")) { Command = Polite }, Token));
        }

        for (var round = 0; round < Kills; round++)
        {
            await using var collector = await CollectorProcess.StartAsync(engine.Endpoint, data, Token);
            await Eventually.GetAsync(
                _ => Task.FromResult(lab.Reader.Unfinished()),
                open => open.IsEmpty,
                describe: open => $"round {round}: {open.Length} intents without an outcome"
            );
            Assert.Null(lab.Verify().Broken);

            // In every second round the first restart has already started, so that some jobs are interrupted even on a slow machine.
            if (round % 2 == 1)
            {
                await Eventually.GetAsync(
                    token => collector.PostAsync($"/api/v1/containers/{ids[0]}/restart", token),
                    status => status == 202
                );
            }

            var posts = ids.Skip(round % 2).Select(id => collector.PostAsync($"/api/v1/containers/{id}/restart", Token)).ToList();

            // The time is random on purpose: before, during and after the intents, the restart and its outcome.
            await Task.Delay(random.Next(0, 1_500), Token);
            await collector.KillAsync();
            await Task.WhenAll(posts);
        }

        await using (await CollectorProcess.StartAsync(engine.Endpoint, data, Token))
        {
            await Eventually.GetAsync(_ => Task.FromResult(lab.Reader.Unfinished()), open => open.IsEmpty);
            var records = lab.Reader.Oldest(new AuditQuery(), 0, int.MaxValue);

            Assert.Null(lab.Verify().Broken);
            Assert.Contains(records, record => record is { Phase: AuditPhases.Outcome, Outcome: JobStates.Interrupted });
            Assert.Equal(
                records.Count(record => record.Phase == AuditPhases.Intent),
                records.Count(record => record.Phase == AuditPhases.Outcome)
            );
            foreach (var id in ids)
            {
                await Eventually.GetAsync(token => engine.InspectAsync(id, token), container => container.State!.Status == "running");
            }
        }

        foreach (var id in ids)
        {
            await (await engine.ClientAsync(Token)).Containers.RemoveContainerAsync(id, new() { Force = true }, Token);
        }

        Directory.Delete(data, recursive: true);
    }

    [EngineFact]
    public async Task Terminate_WhileAJobRuns_RecordsThatItWasInterrupted()
    {
        var data = Directory.CreateTempSubdirectory("fleet-term-").FullName;
        using var lab = new TrailLab(folder: data);

        // Stopping it would take two minutes.
        var id = await engine.RunAsync(new LabContainer(engine.NameOf("stubborn")) { StopTimeout = TimeSpan.FromMinutes(2) }, Token);
        await using var collector = await CollectorProcess.StartAsync(engine.Endpoint, data, Token);
        var accepted = await Eventually.GetAsync(
            token => collector.PostAsync($"/api/v1/containers/{id}/restart", token),
            status => status != 503
        );
        Assert.Equal(202, accepted);
        var second = await CollectorProcess.RefusedAsync(engine.Endpoint, data, Token);

        var code = await collector.TerminateAsync(Token);
        var outcome = lab.Reader.Newest(new AuditQuery { Phase = AuditPhases.Outcome }, null, 1).Single();

        Assert.Equal(0, code);
        Assert.Equal(1, second.Code);
        Assert.Contains("The Collector does not start. Another Collector is using", second.Said, StringComparison.Ordinal);
        Assert.Equal(JobStates.Interrupted, outcome.Outcome);
        Assert.StartsWith("The Collector was stopped", outcome.Reason, StringComparison.Ordinal);
        Assert.Null(lab.Verify().Broken);
        await (await engine.ClientAsync(Token)).Containers.RemoveContainerAsync(id, new() { Force = true }, Token);
        Directory.Delete(data, recursive: true);
    }
}
