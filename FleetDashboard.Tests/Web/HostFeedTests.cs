using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Clients;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>
/// The feed with a Collector over real HTTP that misbehaves on demand. Timeouts are short but never waited for: each step is awaited.
/// </summary>
public sealed class HostFeedTests : IAsyncLifetime
{
    private static readonly FeedTimings Patient = new(
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMilliseconds(20),
        TimeSpan.FromMilliseconds(80)
    );
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly FakeTimeProvider _time = new();
    private readonly ViewerCount _audience;
    private FakeCollector _collector = default!;
    private Task _running = Task.CompletedTask;

    public HostFeedTests() => _audience = new ViewerCount(_time);

    public async ValueTask InitializeAsync() => _collector = await FakeCollector.StartAsync(Snapshots.Fleet());

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(10));
        await _collector.DisposeAsync();
        _audience.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task Feed_Connected_ShowsTheSnapshotAndEachNewOne()
    {
        var feed = Run();

        Assert.True((await UntilAsync(feed, view => view.Snapshot is { Sequence: 1 })).IsCurrent);
        _collector.Push(Snapshots.Fleet(2));

        await UntilAsync(feed, view => view is { Snapshot.Sequence: 2, IsCurrent: true });
    }

    [Fact]
    public async Task Feed_Token_NamesTheViewerAndLivesOneMinute()
    {
        Run();

        var token = await _collector.NextCallAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            ("fleet-web", "Fleet Dashboard", Roles.Viewer),
            (token.Subject, token.GetClaim(CollectorToken.NameClaim).Value, token.GetClaim(CollectorToken.RoleClaim).Value)
        );
        Assert.NotEmpty(token.Id);
    }

    [Fact]
    public async Task Feed_ConnectionLost_KeepsTheLastStateAndReconnects()
    {
        var feed = Run();
        await UntilAsync(feed, view => view.IsCurrent);

        _collector.Refusal = 503;
        _collector.Cut();
        var lost = await UntilAsync(feed, view => view.Connection == ConnectionState.Unreachable);
        Assert.NotNull(lost.Snapshot);
        Assert.NotNull(lost.UnreachableSince);
        Assert.NotNull(lost.Error);

        _collector.Refusal = null;
        var back = await UntilAsync(feed, view => view.IsCurrent);
        Assert.Null(back.UnreachableSince);
    }

    [Fact]
    public async Task Feed_Unreachable_SinceStaysTheSameAcrossAttempts()
    {
        _collector.Refusal = 503;
        var feed = Run();

        var first = await UntilAsync(feed, view => view.Connection == ConnectionState.Unreachable);
        await _collector.NextCallAsync(TestContext.Current.CancellationToken);
        await _collector.NextCallAsync(TestContext.Current.CancellationToken);
        await _collector.NextCallAsync(TestContext.Current.CancellationToken);

        Assert.Equal(first.UnreachableSince, feed.Current.UnreachableSince);
    }

    [Fact]
    public async Task Feed_StreamWithoutHeartbeats_IsUnreachable()
    {
        _collector.Silent = true;
        var feed = Run(Patient with { Silence = TimeSpan.FromMilliseconds(150) });

        var view = await UntilAsync(feed, view => view.Connection == ConnectionState.Unreachable);

        Assert.Contains("sent nothing", view.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feed_NothingListens_SaysWhatToCheck()
    {
        await _collector.GoAsync();
        var feed = Run();

        var view = await UntilAsync(feed, view => view.Connection == ConnectionState.Unreachable);

        Assert.Equal(FeedErrors.Gone, view.Error);
    }

    [Fact]
    public async Task Feed_WrongSecret_SaysSo()
    {
        var feed = Run(secret: "another secret that is also long enough");

        var view = await UntilAsync(feed, view => view.Connection == ConnectionState.Unreachable);

        Assert.Contains("SharedSecret", view.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feed_InvalidSnapshot_KeepsTheLastOneAndReconnects()
    {
        var feed = Run();
        await UntilAsync(feed, view => view.IsCurrent);

        var garbled = UntilAsync(feed, view => view.Error == FeedErrors.Garbled);
        _collector.Garble();

        Assert.NotNull((await garbled).Snapshot);
        await UntilAsync(feed, view => view.IsCurrent);
    }

    [Fact]
    public async Task Feed_ReconnectedWithoutASnapshot_IsNotCurrent()
    {
        var feed = Run();
        await UntilAsync(feed, view => view.IsCurrent);
        await _collector.NextCallAsync(TestContext.Current.CancellationToken);
        _collector.Silent = true;
        _collector.Cut();
        await UntilAsync(feed, view => view.Connection == ConnectionState.Unreachable);
        await _collector.NextCallAsync(TestContext.Current.CancellationToken);

        _collector.Heartbeat();
        Assert.Equal(ConnectionState.Unreachable, feed.Current.Connection);

        _collector.Silent = false;
        _collector.Push(Snapshots.Fleet(9));
        await UntilAsync(feed, view => view is { IsCurrent: true, Snapshot.Sequence: 9 });
    }

    [Fact]
    public async Task Feed_NoViewerForAMinute_TellsTheCollector_AndAtOnceWhenAViewerArrives()
    {
        var feed = Run();
        var visit = _audience.Enter();
        await UntilAsync(feed, view => view.IsCurrent);
        _time.Advance(TimeSpan.FromMinutes(10));
        visit.Dispose();
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal([null], _collector.Watching);

        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.GetAsync(_ => Task.FromResult(_collector.Watching.Count), calls => calls == 2);
        using var another = _audience.Enter();
        await Eventually.GetAsync(_ => Task.FromResult(_collector.Watching.Count), calls => calls == 3);

        Assert.Equal([null, "false", null], _collector.Watching);
        // No viewer was shown that the Collector was away, because it was not.
        Assert.Equal(ConnectionState.Live, feed.Current.Connection);
    }

    [Fact]
    public async Task Feed_ViewerLeavesAndReturns_ChangesNothing()
    {
        var feed = Run();
        _audience.Enter().Dispose();
        _time.Advance(TimeSpan.FromSeconds(40));
        using var back = _audience.Enter();
        _time.Advance(TimeSpan.FromMinutes(5));
        await UntilAsync(feed, view => view.IsCurrent);

        Assert.Equal([null], _collector.Watching);
    }

    private HostFeed Run(FeedTimings? timings = null, string secret = FakeCollector.Secret)
    {
        var clients = new ServiceCollection()
            .AddHttpClient(HostFeed.HttpClientName)
            .Services.BuildServiceProvider()
            .GetRequiredService<IHttpClientFactory>();
        var tokens = new CollectorTokens(Options.Create(new CollectorsOptions { SharedSecret = secret }), TimeProvider.System);
        var feed = new HostFeed(
            new CollectorHostOptions { Url = _collector.Url },
            timings ?? Patient,
            _audience,
            new JobFeed(TimeProvider.System),
            clients,
            tokens,
            TimeProvider.System,
            NullLogger<HostFeed>.Instance
        );
        _running = feed.RunAsync(_stop.Token);
        return feed;
    }

    private async Task<HostView> UntilAsync(HostFeed feed, Func<HostView, bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        await foreach (var view in feed.WatchAsync(deadline.Token))
        {
            if (condition(view))
            {
                return view;
            }
        }
        throw new InvalidOperationException("The feed ended.");
    }
}
