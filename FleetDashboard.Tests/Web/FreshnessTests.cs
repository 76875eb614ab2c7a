using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>Web checks by itself whether new snapshots arrive at the interval that the Collector states.</summary>
public sealed class FreshnessTests : IAsyncLifetime
{
    private static readonly FeedTimings Patient = new(TimeSpan.FromHours(1), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(80));
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly FakeTimeProvider _time = new(Snapshots.At);
    private readonly ViewerCount _audience;
    private FakeCollector _collector = default!;
    private HostFeed _feed = default!;
    private Task _running = Task.CompletedTask;

    public FreshnessTests() => _audience = new ViewerCount(_time);

    public async ValueTask InitializeAsync()
    {
        _collector = await FakeCollector.StartAsync(Snapshots.Fleet());
        _audience.Enter(); // For the whole test: a stream opened again would count as new data.
        var services = new ServiceCollection();
        services.AddHttpClient(HostFeed.HttpClientName);
        var tokens = new CollectorTokens(
            Options.Create(new CollectorsOptions { SharedSecret = FakeCollector.Secret }),
            TimeProvider.System
        );
        _feed = new HostFeed(
            new CollectorHostOptions { Url = _collector.Url },
            Patient,
            _audience,
            new JobFeed(TimeProvider.System),
            services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>(),
            tokens,
            _time,
            NullLogger<HostFeed>.Instance
        );
        _running = _feed.RunAsync(_stop.Token);
        await UntilAsync(view => view.IsCurrent);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(10));
        await _collector.DisposeAsync();
        _audience.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task OnlyHeartbeats_ForThreeIntervals_IsOverdueSinceTheLastSnapshot()
    {
        _time.Advance(TimeSpan.FromSeconds(14.9));
        _collector.Heartbeat();
        Assert.True(_feed.Current.IsCurrent);

        _time.Advance(TimeSpan.FromSeconds(0.1));
        _collector.Heartbeat();

        var view = await UntilAsync(view => !view.IsCurrent);
        Assert.Equal((ConnectionState.Live, Snapshots.At, true), (view.Connection, view.OverdueSince, view.IsSilent));
        var verdict = VerdictModel.From(view);
        Assert.Equal((HealthColor.Grey, "Collector sends nothing new", Snapshots.At), (verdict.Color, verdict.Headline, verdict.Since));
    }

    [Fact]
    public async Task Snapshots_WithoutNewEngineData_AreOverdue()
    {
        for (var sequence = 2; sequence <= 4; sequence++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            _collector.Push(Snapshots.Fleet(sequence));
            await UntilAsync(view => view.Snapshot?.Sequence == sequence);
        }

        Assert.Equal(Snapshots.At, _feed.Current.OverdueSince);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-3600)] // the Collector's clock was set back, but still moves
    public async Task NewSnapshot_EndsTheOverdueState(int later)
    {
        _time.Advance(TimeSpan.FromMinutes(4));
        await UntilAsync(view => view.OverdueSince is not null);

        _collector.Push(Snapshots.Fleet(2, at: Snapshots.At.AddSeconds(later)));

        await UntilAsync(view => view is { IsCurrent: true, Snapshot.Sequence: 2 });
        _time.Advance(TimeSpan.FromSeconds(14));
        Assert.True(_feed.Current.IsCurrent);
    }

    [Fact]
    public async Task Reconnect_ToAHangingCollector_StaysOverdue()
    {
        _time.Advance(TimeSpan.FromMinutes(4));
        await UntilAsync(view => view.OverdueSince is not null);
        _collector.Hangs = true;

        _collector.Cut();
        await UntilAsync(view => view.Connection == ConnectionState.Unreachable);
        // The pause before the next attempt starts at a time that no signal reports.
        var view = await Eventually.GetAsync(
            _ =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(80));
                return Task.FromResult(_feed.Current);
            },
            view => view.Connection == ConnectionState.Live
        );

        Assert.False(view.IsCurrent);
        Assert.Equal(Snapshots.At, view.OverdueSince);
    }

    [Theory]
    [InlineData(90, 89, true)]
    [InlineData(90, 90, false)]
    [InlineData(1e300, 3599, true)]
    [InlineData(1e300, 3600, false)]
    [InlineData(-4, 2.9, true)]
    [InlineData(-4, 3, false)]
    public async Task Limit_IsTheSnapshotsOwn_WithinLimits(double limit, double seconds, bool current)
    {
        _collector.Push(Snapshots.Fleet(2, at: Snapshots.At.AddSeconds(1)) with { OverdueAfterSeconds = limit });
        await UntilAsync(view => view.Snapshot?.Sequence == 2);

        _time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(current, _feed.Current.IsCurrent);
    }

    private async Task<HostView> UntilAsync(Func<HostView, bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        patience.CancelAfter(Eventually.Deadline);
        await foreach (var view in _feed.WatchAsync(patience.Token))
        {
            if (condition(view))
            {
                return view;
            }
        }
        throw new InvalidOperationException("The feed ended.");
    }
}
