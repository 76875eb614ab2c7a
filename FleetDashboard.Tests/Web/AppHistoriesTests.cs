using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Clients;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>The shared history of an app, over real HTTP.</summary>
public sealed class AppHistoriesTests : IAsyncLifetime
{
    private static readonly SignedInCaller Vera = new("7", "vera", Roles.Viewer);
    private static readonly SignedInCaller Olga = new("8", "olga", Roles.Operator);
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private FakeCollector _collector = default!;

    public async ValueTask InitializeAsync()
    {
        _collector = await FakeCollector.StartAsync(
            Snapshots.Create([
                Snapshots.App("a/b c", Snapshots.Container("x", "x")),
                Snapshots.App("web", Snapshots.Container("web", "web")),
            ])
        );
        _collector.Detail = app => Histories.Create(app, Snapshots.At);
    }

    public ValueTask DisposeAsync() => _collector.DisposeAsync();

    [Fact]
    public async Task ManyViewersOfOneApp_CauseOneRequestPerStep()
    {
        var histories = Start();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => histories.OfAsync(_collector.Url, "web", i % 2 == 0 ? Vera : Olga))
        );
        _time.Advance(TimeSpan.FromSeconds(5));
        await histories.OfAsync(_collector.Url, "web", Olga);
        Assert.Single(_collector.AppCalls);
        Assert.All(answers, answer => Assert.Same(answers[0].Value, answer.Value));

        _time.Advance(TimeSpan.FromSeconds(5));
        await histories.OfAsync(_collector.Url, "web", Olga);
        Assert.Equal(2, _collector.AppCalls.Count);
    }

    [Fact]
    public async Task Request_IsMadeInTheViewersName()
    {
        await Start().OfAsync(_collector.Url, "web", Olga);

        Assert.True(_collector.AppCalls.TryDequeue(out var token));
        Assert.Equal(
            ("8", "olga", Roles.Viewer),
            (token.Subject, token.GetClaim(CollectorToken.NameClaim).Value, token.GetClaim(CollectorToken.RoleClaim).Value)
        );
    }

    [Fact]
    public async Task AppName_AnyText_ArrivesUnchanged() =>
        Assert.Equal("a/b c", (await Start().OfAsync(_collector.Url, "a/b c", Vera)).Value?.App.Name);

    [Fact]
    public async Task Problem_IsShownAsItsMessage()
    {
        _collector.Refusal = 409;

        Assert.Equal("This is what the Collector says is wrong.", (await Start().OfAsync(_collector.Url, "web", Vera)).Error);
    }

    [Fact]
    public async Task WrongSecret_SaysWhatToCheck() =>
        Assert.Contains(
            "SharedSecret",
            (await Start("another secret that is also long enough").OfAsync(_collector.Url, "web", Vera)).Error,
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Collector_NotListening_SaysSo()
    {
        await _collector.GoAsync();

        Assert.Equal(FeedErrors.Gone, (await Start().OfAsync(_collector.Url, "web", Vera)).Error);
    }

    private AppHistories Start(string secret = FakeCollector.Secret)
    {
        var options = Options.Create(new CollectorsOptions { SharedSecret = secret, Hosts = [new() { Url = _collector.Url }] });
        var clients = new ServiceCollection()
            .AddHttpClient(CollectorClient.HttpClientName)
            .Services.BuildServiceProvider()
            .GetRequiredService<IHttpClientFactory>();
        return new AppHistories(
            new CollectorClient(clients, new CollectorTokens(options, TimeProvider.System), NullLogger<CollectorClient>.Instance),
            _time
        );
    }
}
