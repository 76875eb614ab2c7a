using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Logs;
using FleetDashboard.Contracts.Logs;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FleetDashboard.Tests.Engine;

/// <summary>
/// A followed log continues across restarts and recreations, merges an app by time, and ends everywhere when its reader leaves.
/// </summary>
[Trait("Category", "Engine")]
public sealed class LogFollowingTests(EngineFixture engine)
{
    private const string AppLabel = "fleet.app";

    /// <summary>Prints the number of the run, and a last line with exit code 3.</summary>
    private const string Runs =
        "n=$(($(cat /data/n 2>/dev/null || echo 0) + 1)); echo $n > /data/n; trap \"echo run $n ends; exit 3\" TERM; echo run $n "
        + "begins; while :; do sleep 0.1; done";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task Follow_Restart_ContinuesAfterANoteWithoutLossOrDuplicates()
    {
        await using var collector = await StartAsync();
        var id = await RunAsync(collector, new LabContainer(engine.NameOf("logrestart")) { Command = ["sh", "-c", Runs] });
        await using var log = await LogStream.OfContainerAsync(collector, id, "follow=true", Token);
        await log.UntilTextAsync("run 1 begins");
        await log.UntilCaughtUpAsync();

        var client = await engine.ClientAsync(Token);
        await client.Containers.RestartContainerAsync(id, new() { WaitBeforeKillSeconds = 10 }, Token);
        await log.UntilTextAsync("run 2 begins");
        await client.Containers.StopContainerAsync(id, new() { WaitBeforeKillSeconds = 10 }, Token);
        var ended = await log.UntilAsync(item => item.Mark?.Kind == LogMarkKinds.Ended && log.Texts.Contains("run 2 ends"));
        await client.Containers.StartContainerAsync(id, new(), Token);
        await log.UntilTextAsync("run 3 begins");

        Assert.Equal(["run 1 begins", "run 1 ends", "run 2 begins", "run 2 ends", "run 3 begins"], log.Texts);
        Assert.Equal("ended with exit code 3", ended.Mark!.Text);
        Assert.Equal(LogMarkKinds.Started, log.Marks.Last().Kind);

        // The first restart is reported as one, or as an exit and a start if it was slow enough to be seen. The note may arrive shortly
        // after the first line.
        Assert.Contains(
            string.Join(' ', log.Marks.Select(mark => mark.Kind)),
            (string[])["restarted ended started", "ended started ended started"]
        );
        await client.Containers.RemoveContainerAsync(id, new() { Force = true }, Token);
    }

    [EngineFact]
    public async Task Follow_RecreatedContainer_ContinuesAfterANote()
    {
        await using var collector = await StartAsync();
        var name = engine.NameOf("logrecreated");
        var id = await RunAsync(collector, new LabContainer(name) { Command = ["sh", "-c", "echo the first; sleep 600"] });
        await using var log = await LogStream.OfContainerAsync(collector, id, "follow=true", Token);
        await log.UntilTextAsync("the first");

        await (await engine.ClientAsync(Token)).Containers.RemoveContainerAsync(id, new() { Force = true }, Token);
        await log.UntilMarkAsync(LogMarkKinds.Removed);
        await engine.RunAsync(new LabContainer(name) { Command = ["sh", "-c", "echo the second; sleep 600"] }, Token);
        await log.UntilTextAsync("the second");

        Assert.Equal(["the first", "the second"], log.Texts);
        Assert.Equal(LogMarkKinds.Recreated, log.Marks.Last().Kind);
    }

    [EngineFact]
    public async Task App_ThreeContainers_AreMergedByTime()
    {
        await using var collector = await StartAsync();
        var app = engine.NameOf("logmerged");
        foreach (var name in (string[])["one", "two", "three"])
        {
            await engine.RunAsync(InApp(app, name, "for i in $(seq 1 40); do echo $i; usleep 20000; done"), Token);
        }

        await collector.UntilAsync(
            fleet =>
                fleet.Apps.Any(one =>
                    one.Name == app && one.Containers.Length == 3 && one.Containers.All(container => container.State == "exited")
                ),
            Token
        );

        await using var all = await LogStream.OfAppAsync(collector, app, "tail=all", Token);
        await all.UntilEndAsync();
        await using var tail = await LogStream.OfAppAsync(collector, app, "tail=25", Token);
        await tail.UntilEndAsync();

        Assert.Equal(120, all.Lines.Count());
        Assert.Equal(all.Lines.OrderBy(line => line.At, StringComparer.Ordinal), all.Lines);
        Assert.All(
            all.Lines.GroupBy(line => line.Container),
            group => Assert.Equal(Enumerable.Range(1, 40).Select(number => $"{number}"), group.Select(line => line.Text))
        );
        Assert.Equal(all.Lines.TakeLast(25), tail.Lines);
        Assert.Equal(3, all.Marks.Count(mark => mark.Kind == LogMarkKinds.Ended));
    }

    [EngineFact]
    public async Task App_NewContainer_JoinsWithAllItsOutput()
    {
        await using var collector = await StartAsync();
        var app = engine.NameOf("logjoined");
        await RunAsync(collector, InApp(app, "first", "echo first; sleep 600"));
        await using var log = await LogStream.OfAppAsync(collector, app, "follow=true", Token);
        await log.UntilCaughtUpAsync();

        await engine.RunAsync(InApp(app, "second", "for i in $(seq 1 1000); do echo line $i; done; sleep 600"), Token);
        await log.UntilTextAsync("line 1000");

        Assert.Equal(
            Enumerable.Range(1, 1000).Select(number => $"line {number}"),
            log.Lines.Where(line => line.Container.StartsWith("second", StringComparison.Ordinal)).Select(line => line.Text)
        );
        Assert.Equal(
            LogMarkKinds.Started,
            log.Items.First(item =>
                (item.Line?.Container ?? item.Mark?.Container)?.StartsWith("second", StringComparison.Ordinal) == true
            ).Mark?.Kind
        );
    }

    [EngineFact]
    public async Task Readers_Leave_EndTheirStreamsAtTheEngine()
    {
        await using var collector = await StartAsync("--Logs:MaxStreamsPerUser=20");
        var id = await RunAsync(
            collector,
            new LabContainer(engine.NameOf("logleft")) { Command = ["sh", "-c", "while :; do echo tick; usleep 10000; done"] }
        );
        var (readers, logs) = (collector.Services.GetRequiredService<LogStreams>(), collector.Services.GetRequiredService<EngineLogs>());
        var opened = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => LogStream.OfContainerAsync(collector, id, "follow=true&tail=10", Token))
        );
        await Task.WhenAll(opened.Select(log => log.UntilCaughtUpAsync()));
        await Eventually.GetAsync(_ => Task.FromResult((readers.Open, logs.OpenStreams)), open => open == (20, 20));

        await Task.WhenAll(opened.Select(log => log.DisposeAsync().AsTask()));

        await Eventually.GetAsync(_ => Task.FromResult((readers.Open, logs.OpenStreams)), open => open == (0, 0));
        await (await engine.ClientAsync(Token)).Containers.RemoveContainerAsync(id, new() { Force = true }, Token);
    }

    [EngineFact]
    public async Task Reader_ReadsNothing_IsDisconnected()
    {
        await using var collector = await StartAsync("--Logs:StallAfter=00:00:02");
        var id = await RunAsync(
            collector,
            new LabContainer(engine.NameOf("logstalled"))
            {
                Command = ["sh", "-c", "yes 'a line that nobody takes' | head -n 300000; sleep 600"],
            }
        );
        var (readers, logs) = (collector.Services.GetRequiredService<LogStreams>(), collector.Services.GetRequiredService<EngineLogs>());

        await using var log = await LogStream.OfContainerAsync(collector, id, "follow=true&tail=all", Token);
        await Eventually.GetAsync(_ => Task.FromResult(readers.Open), open => open == 1);

        // It keeps the connection open but reads nothing.
        await Eventually.GetAsync(_ => Task.FromResult((readers.Open, logs.OpenStreams)), open => open == (0, 0));
        await (await engine.ClientAsync(Token)).Containers.RemoveContainerAsync(id, new() { Force = true }, Token);
    }

    private LabContainer InApp(string app, string name, string script) =>
        new(engine.NameOf(name + "log"))
        {
            Command = ["sh", "-c", script],
            Labels = new Dictionary<string, string> { [AppLabel] = app },
        };

    private Task<CollectorHost> StartAsync(params string[] settings) =>
        CollectorHost.StartAsync(engine.Endpoint, Token, ["--Sampling:Interval=00:05:00", "--Databases:Enabled=false", .. settings]);

    private async Task<string> RunAsync(CollectorHost collector, LabContainer container)
    {
        var id = await engine.RunAsync(container, Token);
        await collector.UntilAsync(
            fleet => fleet.Apps.SelectMany(app => app.Containers).Any(one => one.Id == id && one.State == "running"),
            Token
        );
        return id;
    }
}
