using Docker.DotNet.Models;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using Xunit;

namespace FleetDashboard.Tests.Engine;

/// <summary>Restarts on a real engine, and containers that must never be restarted.</summary>
[Trait("Category", "Engine")]
public sealed class ActionRestartTests(EngineFixture engine)
{
    /// <summary>Exits at once on SIGTERM.</summary>
    private static readonly string[] Polite = ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 3600 & wait; done"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task Restart_RunningContainer_RestartsItAndUpdatesTheSnapshot()
    {
        await using var collector = await StartAsync();
        var id = await RunAsync(collector, new LabContainer(engine.NameOf("bounce")) { Command = Polite });
        var before = await engine.InspectAsync(id, Token);

        var (job, _) = await collector.EndOfAsync((await collector.PostAsync($"/api/v1/containers/{id[..12]}/restart", Token)).Job, Token);
        var after = await engine.InspectAsync(id, Token);
        var snapshot = await collector.UntilAsync(
            fleet => Find(fleet, id)?.StartedAt?.UtcDateTime > DateTimeOffset.Parse(before.State!.StartedAt!, null).UtcDateTime,
            Token
        );

        Assert.Equal((JobStates.Succeeded, $"{engine.NameOf("bounce")} runs again."), (job.Outcome, job.Message));
        Assert.NotEqual(before.State!.StartedAt, after.State!.StartedAt);
        Assert.Equal("running", after.State.Status);
        Assert.NotNull(snapshot);
        await RemoveAsync(id);
    }

    [EngineFact]
    public async Task Restart_ContainerExitsAtOnce_FailsAndSaysHow()
    {
        await using var collector = await StartAsync();
        var id = await RunAsync(
            collector,
            new LabContainer(engine.NameOf("flop"))
            {
                Command = ["sh", "-c", "[ -e /tmp/x ] && exit 7; touch /tmp/x; trap 'exit 0' TERM; sleep 3600 & wait"],
            }
        );

        var (job, _) = await collector.EndOfAsync((await collector.PostAsync($"/api/v1/containers/{id}/restart", Token)).Job, Token);

        Assert.Equal(JobStates.Failed, job.Outcome);
        Assert.Contains("exited at once with code 7", job.Message, StringComparison.Ordinal);
        await RemoveAsync(id);
    }

    [EngineFact]
    public async Task SecondRequest_DuringARestart_IsTheSameJobOrAConflictWithItsUser()
    {
        await using var collector = await StartAsync();

        // It takes its ten seconds to stop, so that other requests arrive while it runs.
        var id = await RunAsync(collector, new LabContainer(engine.NameOf("slow")));
        var starts = 0;
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var client = await engine.ClientAsync(Token);
        var watch = client.System.MonitorEventsAsync(
            new ContainerEventsParameters
            {
                Filters = new Dictionary<string, IDictionary<string, bool>>
                {
                    ["container"] = new Dictionary<string, bool> { [id] = true },
                    ["event"] = new Dictionary<string, bool> { ["start"] = true },
                },
            },
            new Counting(() => Interlocked.Increment(ref starts)),
            watching.Token
        );

        var clicks = await Task.WhenAll(
            Enumerable
                .Range(0, 5)
                .Select(_ => collector.PostAsync($"/api/v1/containers/{id}/restart", Token, key: "one-click", user: "Ann"))
        );
        var second = await collector.PostAsync($"/api/v1/containers/{id}/restart", Token, user: "Bob");
        var called = await collector.PostAsync($"/api/v1/jobs/{clicks[0].Job.Id}/cancel", Token, user: "Bob");
        var (job, _) = await collector.EndOfAsync(clicks[0].Job, Token);
        await Eventually.GetAsync(_ => Task.FromResult(Volatile.Read(ref starts)), count => count > 0);
        await watching.CancelAsync();
        await Task.WhenAny(watch);

        Assert.Single(clicks.Select(click => click.Job.Id).Distinct());
        Assert.Equal((409, 409), (second.Status, called.Status));
        Assert.Contains("Ann asked for restart of", second.Body, StringComparison.Ordinal);
        Assert.Contains($"\"job\":\"{job.Id}\"", second.Body, StringComparison.Ordinal);
        Assert.Contains("cannot be cancelled", called.Body, StringComparison.Ordinal);
        Assert.Equal(JobStates.Succeeded, job.Outcome);
        Assert.Equal(1, starts);
        Assert.Contains(
            await collector.AuditAsync(Token, "&user=Bob"),
            record => record is { Phase: AuditPhases.Refusal, Outcome: RefusalCodes.Busy }
        );
        await RemoveAsync(id);
    }

    [EngineFact]
    public async Task Database_EveryRouteRoleAndName_IsRefusedUnharmedAndRecorded()
    {
        await using var collector = await StartAsync();
        var client = await engine.ClientAsync(Token);
        var app = engine.NameOf("vault");
        string Name(string service) => $"{app}-{service}";
        LabContainer Member(string service, params (string Key, string Value)[] labels) =>
            new(Name(service))
            {
                Labels = labels
                    .Append(("com.docker.compose.project", app))
                    .Append(("com.docker.compose.service", service))
                    .ToDictionary(label => label.Item1, label => label.Item2),
            };
        await client.Images.TagImageAsync(BusyboxImage.Name, new() { RepositoryName = $"{app}/postgres", Tag = "16" }, Token);
        var ids = new List<string>
        {
            await engine.RunAsync(Member("store") with { Image = $"{app}/postgres:16" }, Token),
            await engine.RunAsync(Member("db"), Token),
            await engine.RunAsync(Member("records", ("fleet.database", "custom")), Token),
            await engine.RunAsync(Member("cellar", ("org.opencontainers.image.base.name", "docker.io/library/mariadb:11")), Token),
            await engine.RunAsync(Member("engine") with { Command = ["sh", "-c", "sleep 86400 & wait; exec redis-server"] }, Token),
        };
        var web = await engine.RunAsync(Member("web") with { Command = Polite }, Token);
        await collector.UntilAsync(fleet => ids.Append(web).All(id => Find(fleet, id) is { State: "running" }), Token);
        var before = await StatesAsync(ids);

        foreach (
            var (id, action, role) in from id in ids
            from action in ActionNames.WithFixedRoutes
            from role in new[] { Roles.Viewer, Roles.Operator }
            select (id, action, role)
        )
        {
            Assert.Equal(403, (await collector.PostAsync($"/api/v1/containers/{id}/{action}", Token, role: role)).Status);
        }

        var shouted = ids[0].ToUpperInvariant();
        foreach (
            var odd in (string[])
                [
                    ids[0][..11],
                    shouted,
                    Name("store"),
                    "%2e%2e",
                    "..",
                    "../version",
                    "%2e%2e%2fversion",
                    ids[0] + "/..",
                    ids[0] + "0",
                    ids[0] + "%00",
                    $"{ids[0][..12]}%0a",
                    "{id}",
                    "*",
                    "%20",
                ]
        )
        {
            Assert.True((await collector.PostAsync($"/api/v1/containers/{odd}/restart", Token)).Status is >= 400 and < 500, odd);
        }

        var (job, _) = await collector.EndOfAsync((await collector.PostAsync($"/api/v1/apps/{app}/restart", Token)).Job, Token);
        var alone = await collector.PostAsync($"/api/v1/apps/{app}/update", Token);
        var records = await collector.AuditAsync(Token, "&phase=refusal");

        Assert.Equal([Name("web")], job.Containers);
        Assert.Equal(ids.Count, job.LeftOut.Count(one => one.Code == RefusalCodes.Database));
        Assert.Equal(403, alone.Status);
        Assert.Equal(before, await StatesAsync(ids));
        Assert.All(ids, id => Assert.Equal(4, records.Count(record => record.ContainerId == id && record.Outcome == RefusalCodes.Role)));
        Assert.All(
            ids,
            id => Assert.True(records.Count(record => record.ContainerId == id && record.Outcome == RefusalCodes.Database) >= 4)
        );
        Assert.Contains(records, record => record.Container == shouted && record.Outcome == RefusalCodes.Unknown);
        foreach (var id in ids.Append(web))
        {
            await RemoveAsync(id);
        }

        await client.Images.DeleteImageAsync($"{app}/postgres:16", new(), Token);

        async Task<string> StatesAsync(IEnumerable<string> which)
        {
            var all = await Task.WhenAll(which.Select(id => engine.InspectAsync(id, Token)));
            return string.Join(
                '\n',
                all.Select(one => $"{one.ID} {one.State!.Status} {one.State.StartedAt} {one.RestartCount} {one.State.Pid}")
            );
        }
    }

    [EngineFact]
    public async Task Namespaces_UsedByOtherContainers_PreventARestart()
    {
        await using var collector = await StartAsync();
        var host = await RunAsync(collector, new LabContainer(engine.NameOf("tunnel")) { Command = Polite, IpcMode = "shareable" });
        var guest = await RunAsync(
            collector,
            new LabContainer(engine.NameOf("rider")) { Command = Polite, NetworkMode = $"container:{host}" }
        );
        var debugger = await RunAsync(
            collector,
            new LabContainer(engine.NameOf("debugger"))
            {
                Command = Polite,
                PidMode = $"container:{engine.NameOf("tunnel")}",
                IpcMode = $"container:{host}",
            }
        );
        await collector.UntilAsync(fleet => Find(fleet, host)?.Actions.Contains("restart") == false, Token);

        var refused = await collector.PostAsync($"/api/v1/containers/{host}/restart", Token);
        var (job, _) = await collector.EndOfAsync((await collector.PostAsync($"/api/v1/containers/{guest}/restart", Token)).Job, Token);

        Assert.Equal(403, refused.Status);
        Assert.Contains($"{engine.NameOf("rider")} would lose its network", refused.Body, StringComparison.Ordinal);
        Assert.Contains($"{engine.NameOf("debugger")} would lose its processes", refused.Body, StringComparison.Ordinal);
        Assert.Contains($"{engine.NameOf("debugger")} would lose its IPC", refused.Body, StringComparison.Ordinal);
        Assert.Equal(JobStates.Succeeded, job.Outcome);
        Assert.True((await engine.InspectAsync(debugger, Token)).State!.Running);
        await RemoveAsync(debugger);
        await RemoveAsync(guest);
        await RemoveAsync(host);
    }

    private Task<CollectorHost> StartAsync() =>
        CollectorHost.StartAsync(engine.Endpoint, Token, "--Sampling:Interval=00:05:00", "--Actions:RequestsPerMinute=5000");

    private async Task<string> RunAsync(CollectorHost collector, LabContainer container)
    {
        var id = await engine.RunAsync(container, Token);
        await collector.UntilAsync(fleet => Find(fleet, id) is { State: "running" }, Token);
        return id;
    }

    private async Task RemoveAsync(string id) =>
        await (await engine.ClientAsync(Token)).Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true }, Token);

    private static ContainerSnapshot? Find(FleetSnapshot fleet, string id) =>
        fleet.Apps.SelectMany(app => app.Containers).FirstOrDefault(container => container.Id == id);

    private sealed class Counting(Action count) : IProgress<Message>
    {
        public void Report(Message value) => count();
    }
}
