using System.Net.ServerSentEvents;
using System.Text.Json;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Audit;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FleetDashboard.Tests.Collector.Actions;

/// <summary>Jobs and their raw lines on the stream of the fleet.</summary>
public sealed class JobStreamTests : IAsyncLifetime
{
    private DemoEngineHost _engine = null!;
    private CollectorHost _collector = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engine = await DemoEngineHost.StartAsync(20, Token);
        _collector = await CollectorHost.StartAsync(
            _engine.Endpoint,
            services => services.AddSingleton<IFleetAction>(new WriteAction()),
            Token
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _collector.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task Stream_SendsAJobItsLinesAndItsEnd()
    {
        var container = await OpenAsync();
        await using var events = new StreamEvents(_collector.Events(Token));
        await events.UntilAsync(CollectorRoutes.JobsEvent, _ => true);

        var job = (await _collector.PostAsync($"/api/v1/containers/{container.Id}/actions/write", Token)).Job;
        await events.UntilAsync(
            CollectorRoutes.JobEvent,
            data => ReadJob(data) is { Outcome: JobStates.Succeeded } ended && ended.Id == job.Id
        );

        // Every line, once, in order, and all of them before the end.
        Assert.Equal(Enumerable.Range(0, WriteAction.Lines).Select(i => $"line {i}"), events.LinesOf(job.Id));
    }

    [Fact]
    public async Task Stream_OpenedLater_StartsWithTheJobsAndTheirLastLines()
    {
        var container = await OpenAsync();
        var job = (await _collector.PostAsync($"/api/v1/containers/{container.Id}/actions/write", Token)).Job;
        await _collector.EndOfAsync(job, Token);

        await using var events = new StreamEvents(_collector.Events(Token));
        var listed = JsonSerializer.Deserialize(
            await events.UntilAsync(CollectorRoutes.JobsEvent, _ => true),
            ContractsJson.Default.ImmutableArrayJob
        );
        await events.UntilAsync(CollectorRoutes.JobLinesEvent, _ => true);

        Assert.Equal((job.Id, JobStates.Succeeded), (listed[0].Id, listed[0].Outcome));
        Assert.Equal(
            Enumerable.Range(WriteAction.Lines - JobStore.LinesSent, JobStore.LinesSent).Select(i => $"line {i}"),
            events.LinesOf(job.Id)
        );
    }

    [Fact]
    public async Task Viewer_ReceivesJobsAndLines()
    {
        // The host's own client reads with a viewer's token.
        await using var events = new StreamEvents(_collector.Events(Token));

        await events.UntilAsync(CollectorRoutes.JobsEvent, _ => true);
    }

    [Fact]
    public async Task Collector_StartsAfterACrash_ListsTheInterruptedJob()
    {
        var data = Directory.CreateTempSubdirectory("fleet-crash-");
        try
        {
            await using (var first = await CollectorHost.StartAsync(_engine.Endpoint, Token, $"--Data:Path={data}"))
            {
                // An intent without an outcome is what a crash leaves behind.
                first
                    .Services.GetRequiredService<AuditTrail>()
                    .Append(
                        new AuditEntry("ann", ActionNames.Pull, AuditPhases.Intent)
                        {
                            App = "shop",
                            Container = "shop-web-1",
                            ContainerId = new string('1', 64),
                            Job = new string('a', 32),
                        }
                    );
            }

            await using var second = await CollectorHost.StartAsync(_engine.Endpoint, Token, $"--Data:Path={data}");
            await using var events = new StreamEvents(second.Events(Token));
            var listed = JsonSerializer.Deserialize(
                await events.UntilAsync(CollectorRoutes.JobsEvent, _ => true),
                ContractsJson.Default.ImmutableArrayJob
            );

            var job = Assert.Single(listed);
            Assert.Equal((new string('a', 32), JobStates.Interrupted, "ann"), (job.Id, job.Outcome, job.User));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private async Task<ContainerSnapshot> OpenAsync()
    {
        var fleet = await _collector.UntilAsync(fleet => Find(fleet) is not null, Token);
        return Find(fleet)!;

        static ContainerSnapshot? Find(FleetSnapshot fleet) =>
            fleet.Apps.SelectMany(app => app.Containers).FirstOrDefault(container => container.Actions.Contains("write"));
    }

    private static Job ReadJob(string data) => JsonSerializer.Deserialize(data, ContractsJson.Default.Job)!;

    private sealed class StreamEvents(IAsyncEnumerable<SseItem<string>> stream) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<SseItem<string>> _events = stream.GetAsyncEnumerator(Token);
        private readonly List<JobOutput> _outputs = [];

        public IEnumerable<string> LinesOf(string job) =>
            _outputs.Where(output => output.Job == job).SelectMany(output => output.Lines).Select(line => line.Text);

        public async Task<string> UntilAsync(string name, Func<string, bool> wanted)
        {
            while (await _events.MoveNextAsync())
            {
                var item = _events.Current;
                if (item.EventType == CollectorRoutes.JobLinesEvent)
                {
                    _outputs.Add(JsonSerializer.Deserialize(item.Data, ContractsJson.Default.JobOutput)!);
                }

                if (item.EventType == name && wanted(item.Data))
                {
                    return item.Data;
                }
            }

            throw new InvalidOperationException($"The stream ended before {name}.");
        }

        public ValueTask DisposeAsync() => _events.DisposeAsync();
    }

    private sealed class WriteAction : IFleetAction
    {
        public const int Lines = 1_000;

        public ActionDescription Description { get; } =
            new("write", "Write", "writes lines", "Lines are written.", "Lines are written.", IfItFails: null, Interrupts: false);

        public bool IsHarmless => true;

        public Refusal? Prevents(GuardCase container) => null;

        public TimeSpan DeadlineFor(ActionTarget target) => TimeSpan.FromSeconds(30);

        public async Task<ActionResult> RunAsync(ActionTarget target, IJobProgress progress, CancellationToken cancellationToken)
        {
            for (var i = 0; i < Lines; i++)
            {
                progress.Line($"line {i}");
                if (i % 100 == 0)
                {
                    await Task.Yield();
                }
            }

            return new ActionResult(true, "Written.");
        }
    }
}
