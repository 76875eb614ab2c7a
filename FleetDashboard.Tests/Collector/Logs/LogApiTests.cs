using System.Net;
using System.Text.Json;
using FleetDashboard.Contracts.Logs;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Logs;

/// <summary>The log routes with the demo engine, which can be stopped and started.</summary>
public sealed class LogApiTests : IAsyncLifetime
{
    private DemoEngineHost _demo = null!;
    private CollectorHost _collector = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _demo = await DemoEngineHost.StartAsync(60, Token);

    public async ValueTask DisposeAsync()
    {
        await _collector.DisposeAsync();
        await _demo.DisposeAsync();
    }

    [Theory]
    [InlineData("containers/{web}/logs?tail=-1", HttpStatusCode.BadRequest, "tail is '-1'")]
    [InlineData("containers/{web}/logs?tail=99999999", HttpStatusCode.BadRequest, "tail is '99999999'")]
    [InlineData("containers/{web}/logs?since=soon", HttpStatusCode.BadRequest, "since is 'soon'")]
    [InlineData("containers/{web}/logs?follow=true&until=1h", HttpStatusCode.BadRequest, "follow and until")]
    [InlineData("containers/{web}/logs?lines=5", HttpStatusCode.BadRequest, "'lines'")]
    [InlineData("containers/{web}/logs?tail=1&tail=2", HttpStatusCode.BadRequest, "tail is '1,2'")]
    [InlineData("containers/not-an-id/logs", HttpStatusCode.BadRequest, "hexadecimal")]
    [InlineData("containers/000000000000/logs", HttpStatusCode.NotFound, "no container")]
    [InlineData("apps/nobody/logs", HttpStatusCode.NotFound, "no app")]
    public async Task Logs_InvalidRequest_ReturnsAMessage(string path, HttpStatusCode status, string words)
    {
        await StartAsync();

        using var answer = await _collector.Http.GetAsync(
            new Uri("/api/v1/" + path.Replace("{web}", Id("wiki-web-1"), StringComparison.Ordinal), UriKind.Relative),
            Token
        );

        Assert.Equal((status, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
        Assert.Contains(words, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_TooManyReaders_AreRefusedUntilOneLeaves()
    {
        await StartAsync("--Logs:MaxStreamsPerUser=1");
        var path = new Uri($"/api/v1/containers/{Id("wiki-web-1")}/logs?tail=5", UriKind.Relative);
        await using (var first = await LogStream.OfContainerAsync(_collector, Id("wiki-web-1"), "follow=true", Token))
        {
            using var second = await _collector.Http.GetAsync(path, Token);

            Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
            Assert.Contains("Logs:MaxStreamsPerUser", await second.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }

        await Eventually.GetAsync(
            async token =>
            {
                using var third = await _collector.Http.GetAsync(path, token);
                return third.StatusCode;
            },
            status => status == HttpStatusCode.OK
        );
    }

    [Fact]
    public async Task Logs_TooManyBytes_EndWithAMessage()
    {
        await StartAsync("--Logs:MaxBytesPerStream=65536");

        await using var log = await LogStream.OfContainerAsync(_collector, Id("storefront-web-1"), "tail=5000", Token);
        var end = await log.UntilEndAsync();

        Assert.Equal(LogEndReasons.Cap, end.End!.Reason);
        Assert.Contains("Logs:MaxBytesPerStream", end.End.Text, StringComparison.Ordinal);
        Assert.InRange(log.Lines.Count(), 100, 4000);
    }

    [Fact]
    public async Task Logs_OfAnApp_AreMergedByTimeAndTailCountsOverAll()
    {
        await StartAsync();

        await using var log = await LogStream.OfAppAsync(_collector, "storefront", "tail=300&until=1s", Token);
        await log.UntilEndAsync();

        Assert.Equal(300, log.Lines.Count());
        Assert.Equal(log.Lines.Select(line => line.At).Order(StringComparer.Ordinal), log.Lines.Select(line => line.At));
        Assert.True(log.Lines.Select(line => line.Container).Distinct().Count() > 1);
    }

    [Fact]
    public async Task Follow_EngineRestarts_SaysSoAndContinues()
    {
        await StartAsync();
        await using var log = await LogStream.OfContainerAsync(_collector, Id("storefront-web-1"), "follow=true&tail=20", Token);
        await log.UntilCaughtUpAsync();
        await log.UntilAsync(item => item.Line is not null);

        await _demo.StopServerAsync();
        await log.UntilMarkAsync(LogMarkKinds.Dropped);
        await _demo.StartServerAsync(Token);
        await log.UntilAsync(item => item.Mark?.Text.Contains("is reachable again", StringComparison.Ordinal) == true);
        await log.UntilAsync(item => item.Line is not null);

        Assert.Equal(log.Lines.Count(), log.Lines.Distinct().Count());
        Assert.Equal(log.Lines.Select(line => line.At).Order(StringComparer.Ordinal), log.Lines.Select(line => line.At));
    }

    [Fact]
    public async Task Follow_ContainerCrashes_SendsTheLastLinesTheExitAndTheNextRun()
    {
        await StartAsync();
        await using var log = await LogStream.OfContainerAsync(_collector, Id("crm-worker-1"), "follow=true&tail=5", Token);
        await log.UntilCaughtUpAsync();

        _demo.Crash("crm-worker-1");
        await log.UntilAsync(item => item.Mark?.Kind is LogMarkKinds.Ended or LogMarkKinds.Restarted);

        Assert.Contains(log.Texts, text => text.Contains("FATAL unhandled exception", StringComparison.Ordinal));
    }

    private async Task StartAsync(params string[] settings)
    {
        _collector = await CollectorHost.StartAsync(_demo.Endpoint, Token, ["--Sampling:Interval=00:05:00", .. settings]);
        await _collector.UntilAsync(fleet => fleet.Apps.Length > 0, Token);
    }

    private string Id(string name) => _demo.Container(name).Plan.Id;
}
