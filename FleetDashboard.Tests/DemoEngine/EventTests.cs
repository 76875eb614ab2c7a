using System.Threading.Channels;
using Docker.DotNet;
using Docker.DotNet.Models;
using FleetDashboard.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FleetDashboard.Tests.DemoEngine;

/// <summary>The events and their order, as recorded from a real engine 20.10.</summary>
public sealed class EventTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));
    private DemoEngineHost _demo = null!;
    private DockerClient _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _demo = await DemoEngineHost.StartAsync(_time, cancellationToken: Cancel);
        _client = _demo.CreateClient();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _demo.DisposeAsync();
    }

    [Fact]
    public async Task Kill_RunningContainer_SendsTheEnginesEvents()
    {
        await using var listener = await ListenAsync("notes-web-1");

        await _client.Containers.KillContainerAsync("notes-web-1", new ContainerKillParameters(), Cancel);

        var (kill, die) = (await listener.NextAsync(), await listener.NextAsync());
        Assert.Equal(("kill", "9"), (kill.Action, kill.Actor!.Attributes!["signal"]));
        Assert.Equal(("die", "137"), (die.Action, die.Actor!.Attributes!["exitCode"]));
        Assert.Equal("notes-web-1", die.Actor.Attributes["name"]);
        Assert.Equal("acme/notes:0.59", die.Actor.Attributes["image"]);
        Assert.Equal("notes", die.Actor.Attributes["com.docker.compose.project"]);
        Assert.True(die.TimeNano > kill.TimeNano);
    }

    [Fact]
    public async Task Kill_RestartPolicyUnlessStopped_StaysDown()
    {
        _demo.Kill("notes-web-1");
        _time.Advance(TimeSpan.FromMinutes(5));
        _demo.Simulation.Advance();

        var inspected = await _client.Containers.InspectContainerAsync("notes-web-1", Cancel);
        Assert.Equal("exited", inspected.State!.Status);
    }

    [Fact]
    public async Task Restart_RunningContainer_SendsTheEnginesEventsInOrder()
    {
        await using var listener = await ListenAsync("notes-web-1");

        await _client.Containers.RestartContainerAsync("notes-web-1", new ContainerRestartParameters(), Cancel);

        Assert.Equal(["kill", "die", "stop", "start", "restart"], await listener.NextActionsAsync(5));
        var inspected = await _client.Containers.InspectContainerAsync("notes-web-1", Cancel);
        Assert.Equal("starting", inspected.State!.Health!.Status);
        Assert.Equal(0, inspected.RestartCount);
    }

    [Fact]
    public async Task Crash_RestartPolicyUnlessStopped_RestartsAndTurnsHealthy()
    {
        await using var listener = await ListenAsync("notes-web-1");

        _demo.Crash("notes-web-1");
        var crashed = _demo.Container("notes-web-1").State;
        _time.Advance(TimeSpan.FromMilliseconds(100));
        _demo.Simulation.Advance();
        _time.Advance(TimeSpan.FromSeconds(10));
        _demo.Simulation.Advance();

        Assert.Equal(["die", "start", "health_status: healthy"], await listener.NextActionsAsync(3));
        Assert.Equal(1, crashed.RestartCount);
        var inspected = await _client.Containers.InspectContainerAsync("notes-web-1", Cancel);
        Assert.Equal("healthy", inspected.State!.Health!.Status);
    }

    [Fact]
    public async Task CrashLoop_LeftAlone_CrashesWithGrowingPauses()
    {
        await _client.Containers.KillContainerAsync("trouble-worker-1", new ContainerKillParameters(), Cancel);
        await using var listener = await ListenAsync("trouble-worker-1");
        await _client.Containers.StartContainerAsync("trouble-worker-1", new ContainerStartParameters(), Cancel);
        var start = await listener.NextAsync();
        Assert.Equal("start", start.Action);

        var waits = new List<long>();
        for (var crash = 0; crash < 4; crash++)
        {
            _time.Advance(TimeSpan.FromSeconds(3));
            _demo.Simulation.Advance();
            var (die, again) = (await listener.NextAsync(), await listener.NextAsync());
            Assert.Equal(("die", "3", "start"), (die.Action, die.Actor!.Attributes!["exitCode"], again.Action));
            waits.Add((again.TimeNano!.Value - die.TimeNano!.Value) / 1_000_000);
        }

        Assert.Equal([100, 200, 400, 800], waits);
    }

    [Fact]
    public async Task Pause_ContainerWithHealthCheck_IsReportedUnhealthy()
    {
        await using var listener = await ListenAsync("wiki-web-1");

        await _client.Containers.PauseContainerAsync("wiki-web-1", Cancel);
        var paused = await _client.Containers.InspectContainerAsync("wiki-web-1", Cancel);
        await _client.Containers.UnpauseContainerAsync("wiki-web-1", Cancel);

        Assert.Equal(["pause", "unpause"], await listener.NextActionsAsync(2));
        Assert.Equal(("paused", "unhealthy"), (paused.State!.Status, paused.State.Health!.Status));
    }

    [Fact]
    public async Task Actions_InTheWrongState_AreRejectedLikeByTheEngine()
    {
        var start = await _client.Containers.StartContainerAsync("wiki-web-1", new ContainerStartParameters(), Cancel);
        var unpause = await Assert.ThrowsAsync<DockerApiException>(() => _client.Containers.UnpauseContainerAsync("wiki-web-1", Cancel));
        var kill = await Assert.ThrowsAsync<DockerApiException>(() =>
            _client.Containers.KillContainerAsync("billing-migrate-1", new ContainerKillParameters(), Cancel)
        );
        var pause = await Assert.ThrowsAsync<DockerApiException>(() => _client.Containers.PauseContainerAsync("trouble-report-1", Cancel));

        Assert.False(start);
        Assert.Equal(System.Net.HttpStatusCode.InternalServerError, unpause.StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.Conflict, kill.StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.Conflict, pause.StatusCode);
    }

    [Fact]
    public async Task Events_SinceAndUntil_ReturnPastEventsAndEnd()
    {
        var before = _time.GetUtcNow().ToUnixTimeSeconds();
        _time.Advance(TimeSpan.FromSeconds(1));
        _demo.Kill("wiki-web-1");
        _time.Advance(TimeSpan.FromSeconds(1));

        var told = new List<string>();
        await _client.System.MonitorEventsAsync(
            new ContainerEventsParameters { Since = $"{before}", Until = $"{_time.GetUtcNow().ToUnixTimeSeconds()}" },
            new MessageCallback(message => told.Add(message.Action!)),
            Cancel
        );

        Assert.Equal(["kill", "die", "disconnect"], told);
    }

    [Fact]
    public async Task Churn_Enabled_CreatesAndDestroysContainers()
    {
        await using var listener = await ListenAsync(null, "create", "destroy");
        _demo.Faults.Set(new() { ChurnPerMinute = 60 });

        for (var second = 0; second < 25; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _demo.Simulation.Advance();
        }

        var actions = await listener.NextActionsAsync(24);
        Assert.Contains("create", actions);
        Assert.Contains("destroy", actions);
        Assert.InRange(_demo.Fleet.All.Count, 78, 82);
    }

    private async Task<Listener> ListenAsync(string? container, params string[] actions)
    {
        var listener = new Listener(_client, container, actions);
        await _demo.Events.WaitForSubscribersAsync(1, Cancel);
        return listener;
    }

    private sealed class MessageCallback(Action<Message> receive) : IProgress<Message>
    {
        public void Report(Message value) => receive(value);
    }

    private sealed class Listener : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        private readonly Channel<Message> _received = Channel.CreateUnbounded<Message>();
        private readonly Task _listening;

        public Listener(DockerClient client, string? container, string[] actions)
        {
            var filters = new Dictionary<string, IDictionary<string, bool>>
            {
                ["type"] = new Dictionary<string, bool> { ["container"] = true },
            };
            if (container is not null)
            {
                filters["container"] = new Dictionary<string, bool> { [container] = true };
            }

            if (actions.Length > 0)
            {
                filters["event"] = actions.ToDictionary(action => action, _ => true);
            }

            _listening = client.System.MonitorEventsAsync(
                new ContainerEventsParameters { Filters = filters },
                new MessageCallback(message => _received.Writer.TryWrite(message)),
                _end.Token
            );
        }

        public async Task<Message> NextAsync() =>
            await _received.Reader.ReadAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancel);

        public async Task<List<string>> NextActionsAsync(int count)
        {
            var actions = new List<string>();
            for (var i = 0; i < count; i++)
            {
                actions.Add((await NextAsync()).Action!);
            }

            return actions;
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await Task.WhenAny(_listening);
            _end.Dispose();
        }
    }
}
