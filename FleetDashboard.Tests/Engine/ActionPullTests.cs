using Docker.DotNet;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using Xunit;

namespace FleetDashboard.Tests.Engine;

/// <summary>Pulls by a real engine from a real registry.</summary>
[Trait("Category", "Engine")]
public sealed class ActionPullTests(EngineFixture engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RegistryFact]
    public async Task Pull_NewerImage_SaysThatTheContainerStillRunsTheOldOne()
    {
        await using var registry = await Registry.StartAsync(withPassword: false, Token);
        await using var lab = await PullLab.StartAsync(engine, registry, "pullnew", "--Actions:Enabled=true");
        await registry.PushAsync(lab.Client, lab.Image, "newer", Token);
        await lab.RunAsync();

        var (job, lines) = await lab.PullAsync();
        var (again, _) = await lab.PullAsync();

        Assert.Equal(JobStates.Succeeded, job.Outcome);
        Assert.StartsWith(
            $"A newer {registry.Address}/{lab.Image} was pulled. {lab.Container.Name} runs the older image",
            job.Message,
            StringComparison.Ordinal
        );
        Assert.NotEqual(job.Results[0].ImageBefore, job.Results[0].ImageAfter);
        Assert.Contains(lines, line => line.Text.StartsWith("Status: Downloaded newer image", StringComparison.Ordinal));
        Assert.Equal(lines.Count, lines.Select(line => line.Text).Distinct().Count());
        Assert.Contains("was already on this host. ", again.Message, StringComparison.Ordinal);
        Assert.Equal("running", (await engine.InspectAsync(lab.Container.Id, Token)).State!.Status);
    }

    [RegistryFact]
    public async Task Pull_UnknownTag_FailsAlthoughTheEngineReturned200()
    {
        await using var registry = await Registry.StartAsync(withPassword: false, Token);
        await using var lab = await PullLab.StartAsync(engine, registry, "pullnone");
        await lab.RunAsync();

        var (job, _) = await lab.PullAsync();

        Assert.Equal(JobStates.Failed, job.Outcome);
        Assert.Contains("could not be pulled", job.Message, StringComparison.Ordinal);
        Assert.Contains("not found", job.Message, StringComparison.Ordinal);
    }

    [RegistryFact]
    public async Task Pull_RegistryWithAPassword_NeedsTheLoginAndNeverShowsIt()
    {
        await using var registry = await Registry.StartAsync(withPassword: true, Token);
        await using var right = await PullLab.StartAsync(engine, registry, "pullright", $"--Actions:RegistryConfig={registry.Config()}");
        await using var wrong = await PullLab.StartAsync(
            engine,
            registry,
            "pullwrong",
            $"--Actions:RegistryConfig={registry.Config("not-this")}"
        );
        await using var none = await PullLab.StartAsync(engine, registry, "pullanon", "--Actions:RegistryConfig=/nowhere/config.json");
        await registry.PushAsync(right.Client, right.Image, "private", Token);
        foreach (var lab in new[] { right, wrong, none })
        {
            await lab.RunAsync();
        }

        var (good, lines) = await right.PullAsync();
        var (bad, _) = await wrong.PullAsync();
        var (anonymous, _) = await none.PullAsync();

        Assert.Equal((JobStates.Succeeded, JobStates.Failed, JobStates.Failed), (good.Outcome, bad.Outcome, anonymous.Outcome));
        Assert.Contains("no basic auth credentials", anonymous.Message, StringComparison.Ordinal);
        Assert.Contains("Actions:RegistryConfig does not exist", anonymous.Message, StringComparison.Ordinal);
        var told = string.Concat(
            lines
                .Select(line => line.Text)
                .Append(good.Message)
                .Append(bad.Message)
                .Concat((await wrong.Collector.AuditAsync(Token)).Select(record => record.Reason))
        );
        Assert.DoesNotContain(Registry.Password, told, StringComparison.Ordinal);
        Assert.DoesNotContain("not-this", told, StringComparison.Ordinal);
    }

    [RegistryFact]
    public async Task Pull_RegistryUnreachable_SaysSo()
    {
        await using var registry = await Registry.StartAsync(withPassword: false, Token);
        await using var lab = await PullLab.StartAsync(engine, registry, "pullgone");
        await lab.RunAsync();
        await registry.StopAsync();

        var (job, _) = await lab.PullAsync();

        Assert.Equal(JobStates.Failed, job.Outcome);
        Assert.Contains("connection refused", job.Message, StringComparison.Ordinal);
    }

    [RegistryFact]
    public async Task Pull_Cancelled_EndsAtOnceAndIsRecorded()
    {
        using var silent = new SilentRegistry();
        await using var registry = await Registry.StartAsync(withPassword: false, Token);
        await using var lab = await PullLab.StartAsync(engine, registry, "pulloff", imageHost: silent.Address);
        await lab.RunAsync();
        var job = (await lab.Collector.PostAsync($"/api/v1/containers/{lab.Container.Id}/pull", Token, user: "Ann")).Job;
        await silent.Connected.WaitAsync(TimeSpan.FromSeconds(30), Token);

        var busy = await lab.Collector.PostAsync($"/api/v1/containers/{lab.Container.Id}/restart", Token, user: "Bob");
        var viewer = await lab.Collector.PostAsync($"/api/v1/jobs/{job.Id}/cancel", Token, role: Roles.Viewer);
        var cancel = await lab.Collector.PostAsync($"/api/v1/jobs/{job.Id}/cancel", Token, user: "Bob");
        var (end, _) = await lab.Collector.EndOfAsync(job, Token);
        var late = await lab.Collector.PostAsync($"/api/v1/jobs/{job.Id}/cancel", Token);

        Assert.Equal((409, 403, 202, 409), (busy.Status, viewer.Status, cancel.Status, late.Status));
        Assert.Contains("Ann asked for pull of", busy.Body, StringComparison.Ordinal);
        Assert.Contains(job.Id, busy.Body, StringComparison.Ordinal);
        Assert.Equal((JobStates.Cancelled, "Cancelled by Bob."), (end.Outcome, end.Message));
        Assert.Contains(
            await lab.Collector.AuditAsync(Token, $"&job={job.Id}"),
            record => record is { Phase: AuditPhases.Outcome, Outcome: JobStates.Cancelled }
        );
    }

    /// <summary>A container created from a registry's tag, and a Collector.</summary>
    private sealed class PullLab(
        EngineFixture engine,
        DockerClient client,
        CollectorHost collector,
        Registry registry,
        string host,
        string name
    ) : IAsyncDisposable
    {
        public DockerClient Client => client;

        public CollectorHost Collector => collector;

        public ContainerSnapshot Container { get; private set; } = null!;

        /// <summary>The same without a registry.</summary>
        public string Image => $"acme/{name}:1";

        public static async Task<PullLab> StartAsync(
            EngineFixture engine,
            Registry registry,
            string name,
            string setting = "--Actions:Enabled=true",
            string? imageHost = null
        ) =>
            new(
                engine,
                await engine.ClientAsync(Token),
                await CollectorHost.StartAsync(engine.Endpoint, Token, "--Sampling:Interval=00:05:00", setting),
                registry,
                imageHost ?? registry.Address,
                name
            );

        public async Task RunAsync()
        {
            await registry.ImportAsync(client, Image, "old", Token);
            if (host != registry.Address)
            {
                await client.Images.TagImageAsync(
                    $"{registry.Address}/{Image}",
                    new() { RepositoryName = $"{host}/acme/{name}", Tag = "1" },
                    Token
                );
            }

            var container = engine.NameOf(name);
            await engine.RunAsync(new LabContainer(container) { Image = $"{host}/{Image}" }, Token);
            var fleet = await collector.UntilAsync(
                one => one.Apps.SelectMany(app => app.Containers).Any(each => each.Name == container),
                Token
            );
            Container = fleet.Apps.SelectMany(app => app.Containers).Single(each => each.Name == container);
        }

        public async Task<(Job Job, IReadOnlyList<JobLine> Lines)> PullAsync()
        {
            var answer = await collector.PostAsync($"/api/v1/containers/{Container.Id}/pull", Token);
            Assert.True(answer.Status == 202, answer.Body);
            return await collector.EndOfAsync(answer.Job, Token);
        }

        public async ValueTask DisposeAsync()
        {
            await collector.DisposeAsync();
            if (Container is not null)
            {
                await client.Containers.RemoveContainerAsync(Container.Id, new() { Force = true }, CancellationToken.None);
            }

            foreach (
                var image in (await client.Images.ListImagesAsync(new(), CancellationToken.None))
                    .SelectMany(image => image.RepoTags ?? [])
                    .Where(tag => tag.EndsWith($"/{Image}", StringComparison.Ordinal))
            )
            {
                await client.Images.DeleteImageAsync(image, new() { Force = true }, CancellationToken.None);
            }
        }
    }
}
