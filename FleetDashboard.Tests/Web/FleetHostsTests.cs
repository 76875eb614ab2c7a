using System.Net;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Clients;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>The web app with two Collectors over real HTTP.</summary>
public sealed class FleetHostsTests : IAsyncLifetime
{
    private static readonly SignedInCaller Olga = new("8", "olga", Roles.Operator, "192.0.2.7");
    private FakeCollector _one = default!;
    private FakeCollector _two = default!;
    private WebApp _app = default!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_one, _two) = (await FakeCollector.StartAsync(TwoHosts.One()), await FakeCollector.StartAsync(TwoHosts.Two()));
        _app = WebApp.Start(
            _one.Url,
            KeyValuePair.Create<string, string?>("Collectors:Hosts:1:Url", _two.Url.ToString()),
            KeyValuePair.Create<string, string?>("Collectors:Hosts:1:Name", "second")
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task Hosts_AreOneFleet_WithConfiguredOrEngineNames()
    {
        var view = await BothAsync();

        Assert.Equal(["lab-1", "second"], view.Hosts.Select(host => host.Name));
        Assert.Equal("", _one.Encodings.First());
        Assert.Equal(["lab-1: a warning of lab-1", "second: a warning of lab-2"], view.HostWarnings());
    }

    [Fact]
    public async Task OneHost_Unreachable_TheOtherStaysCurrent()
    {
        await BothAsync();

        await _two.GoAsync();
        var lost = await _app.UntilFleetAsync(view => view.Hosts[1].IsSilent, Token);
        Assert.True(lost.Hosts[0].IsCurrent);
        Assert.NotNull(lost.Hosts[1].Snapshot);

        _one.Push(TwoHosts.One(HealthColor.Red) with { Sequence = 2 });
        await _app.UntilFleetAsync(view => view.Hosts[0].Snapshot is { Sequence: 2 } && view.Hosts[1].IsSilent, Token);

        await _two.ListenAsync();
        await _app.UntilFleetAsync(view => view.Hosts.All(host => host.IsCurrent), Token);
    }

    [Fact]
    public async Task Viewers_ShareOneStreamPerHost_WhichEndsWithTheLast()
    {
        await BothAsync();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var viewers = Enumerable.Range(0, 20).Select(_ => DrainAsync(leaving.Token)).ToList();

        Assert.Equal((20, 1, 1), (_app.Hosts.SubscriberCount, _one.OpenStreams, _two.OpenStreams));
        await leaving.CancelAsync();
        await Task.WhenAll(viewers);

        Assert.Equal(0, _app.Hosts.SubscriberCount);
    }

    [Fact]
    public async Task Action_GoesToTheCollectorOfItsHost_AndItsJobBelongsToThatHost()
    {
        await BothAsync();
        var jobs = _app.Services.GetRequiredService<JobFeed>();

        var answer = await _app
            .Services.GetRequiredService<ActionsClient>()
            .StartAsync(ActionRequest.New(ActionNames.Restart, _two.Url, "wiki", null), Olga, Token);

        Assert.IsType<ActionResponse.Taken>(answer);
        Assert.Empty(_one.Jobs.Posts);
        Assert.Single(_two.Jobs.Posts);
        Assert.Equal(_two.Url, Assert.Single(jobs.Current.Active).Collector);
        Assert.Empty(jobs.Current.Find(_one.Url, "wiki"));
        Assert.Single(jobs.Current.Find(_two.Url, "wiki"));
    }

    [Fact]
    public async Task Jobs_OneHostFails_TheOthersAreStillShown()
    {
        await BothAsync();
        _one.Jobs.Put(FakeJobs.Running("wiki"));
        await _two.GoAsync();

        await foreach (var view in _app.Services.GetRequiredService<JobFeed>().WatchAsync(Token))
        {
            if (view.Active.Length == 1 && view.Troubles.Any(trouble => trouble.Collector == _two.Url))
            {
                return;
            }
        }
    }

    [Fact]
    public async Task Trail_OfBothHosts_IsMergedByTimeAndPagedWithoutGaps()
    {
        var view = await BothAsync();
        // The records of one host are half a step older than those of the other.
        _one.Jobs.Write(Records(30, "ann", TimeSpan.Zero));
        _two.Jobs.Write(Records(45, "bob", TimeSpan.FromSeconds(30)));
        var (trail, seen, after) = (_app.Services.GetRequiredService<FleetTrail>(), new List<FleetRecord>(), (TrailCursor?)null);
        for (var page = 0; page < 20; page++)
        {
            var answer = await trail.OfAsync(view.Hosts, new TrailQuery { Limit = 10 }, after, 0, Olga);
            Assert.Empty(answer.Troubles);
            seen.AddRange(answer.Page!.Records);
            after = TrailCursor.Parse(answer.Page.Next?.ToString());
            if (after is null)
            {
                break;
            }
        }

        Assert.Equal(75, seen.Select(record => record.Key).Distinct().Count());
        Assert.Equal(75, seen.Count);
        Assert.Equal(seen.Select(record => record.Record.At).OrderDescending(), seen.Select(record => record.Record.At));
        Assert.Equal("second/45", seen.First(record => record.Host == "second").Key);
    }

    [Fact]
    public async Task Trail_OneHostUnreachable_ShowsTheOthersAndAMessage()
    {
        var view = await BothAsync();
        _one.Jobs.Write(Records(3, "ann", TimeSpan.Zero));
        await _two.GoAsync();

        var answer = await _app.Services.GetRequiredService<FleetTrail>().OfAsync(view.Hosts, new TrailQuery { Limit = 10 }, null, 1, Olga);

        Assert.Equal(3, answer.Page!.Records.Length);
        Assert.Equal((_two.Url, FeedErrors.Gone), (Assert.Single(answer.Troubles).Collector, answer.Troubles[0].Sentence));
    }

    [Fact]
    public async Task Dns_AddressesChange_ARemovedHostStaysUnreachableUntilItMoves()
    {
        var port = TwoHosts.FreePort();
        IPAddress[] addresses = [IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.3")];
        await using var a = await FakeCollector.StartAsync(TwoHosts.One(), new Uri($"http://127.0.0.2:{port}"));
        await using var b = await FakeCollector.StartAsync(TwoHosts.Two(), new Uri($"http://127.0.0.3:{port}"));
        await using var app = WebApp.Start(
            null,
            services => services.AddSingleton<ResolveName>((_, _) => Task.FromResult(Volatile.Read(ref addresses))),
            KeyValuePair.Create<string, string?>("Collectors:Discover:0", $"http://tasks.collector:{port}"),
            KeyValuePair.Create<string, string?>("Collectors:DiscoverEvery", "00:00:01")
        );

        var both = await app.UntilFleetAsync(view => view.Hosts.Length == 2 && view.Hosts.All(host => host.IsCurrent), Token);
        Assert.Equal(["lab-1", "lab-2"], both.Hosts.Select(host => host.Name));
        Assert.Equal("gzip", a.Encodings.First());

        // The node is gone, and its address with it.
        await b.GoAsync();
        Volatile.Write(ref addresses, [IPAddress.Parse("127.0.0.2")]);
        var silent = await app.UntilFleetAsync(view => view.Hosts is [_, { IsSilent: true }], Token);
        Assert.Equal("lab-2", silent.Hosts[1].Name);

        // Its Collector comes back at another address: the same host.
        await using var c = await FakeCollector.StartAsync(TwoHosts.Two(), new Uri($"http://127.0.0.4:{port}"));
        Volatile.Write(ref addresses, [IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.4")]);
        var back = await app.UntilFleetAsync(view => view.Hosts.Length == 2 && view.Hosts.All(host => host.IsCurrent), Token);
        Assert.Equal(c.Url, back.Hosts[1].Collector);
    }

    [Fact]
    public async Task Dns_NameCannotBeResolved_IsAWarning()
    {
        await using var app = WebApp.Start(
            _one.Url,
            services => services.AddSingleton<ResolveName>((_, _) => throw new System.Net.Sockets.SocketException(11001)),
            KeyValuePair.Create<string, string?>("Collectors:Discover:0", "http://tasks.collector:8080")
        );

        var view = await app.UntilFleetAsync(view => view.Warnings.Length > 0 && view.Hosts[0].IsCurrent, Token);

        Assert.Contains("tasks.collector names no Collector", Assert.Single(view.Warnings), StringComparison.Ordinal);
    }

    private static IEnumerable<AuditRecord> Records(int count, string user, TimeSpan earlier) =>
        Enumerable
            .Range(1, count)
            .Reverse()
            .Select(i =>
                FakeJobs.Record(i, user, ActionNames.Restart, "wiki", AuditPhases.Outcome, JobStates.Succeeded) with
                {
                    At = Snapshots.At.AddMinutes(i) - earlier,
                }
            );

    private Task<FleetView> BothAsync() =>
        _app.UntilFleetAsync(view => view.Hosts.Length == 2 && view.Hosts.All(host => host.IsCurrent), Token);

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in _app.Hosts.WatchAsync(cancellationToken)) { }
        }
        catch (OperationCanceledException) { }
    }
}
