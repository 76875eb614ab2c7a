using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using FleetDashboard.Tests.Support.Telemetry;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

/// <summary>
/// The OTLP output: one trace from a click in the browser, through Web and the Collector, to the engine, and the metrics and logs of both.
/// </summary>
[Trait("Category", "Engine")]
public sealed class TraceTests(EngineFixture engine, BrowserFixture browser)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task Restart_ByClick_IsOneTraceDownToTheEngine()
    {
        var chromium = await browser.LaunchAsync();
        var name = engine.NameOf("traced");
        await engine.RunAsync(new LabContainer(name), Token);
        var data = Directory.CreateTempSubdirectory("fleet-traced-");
        await using var receiver = await OtlpReceiver.StartAsync(Token);
        await using var collector = await CollectorProcess.StartAsync(
            engine.Endpoint,
            data.FullName,
            Token,
            [
                .. receiver.VariablesOf("collector").Select(one => $"--{one.Key}={one.Value}"),
                "--Logging:LogLevel:Default=Information",
                "--Logging:Console:LogLevel:Default=None",
            ]
        );
        await using var web = WebApp.Start(
            collector.Address,
            [
                KeyValuePair.Create<string, string?>("Collectors:SharedSecret", CollectorHost.Secret),
                .. receiver.VariablesOf("web").Select(one => KeyValuePair.Create(one.Key, (string?)one.Value)),
            ]
        );
        await web.UntilAsync(view => view.Snapshot?.Apps.Any(app => app.Name == name) == true, Token);
        await using var context = await chromium.NewContextAsync();
        context.SetDefaultTimeout(BrowserFixture.Deadline);
        var page = await context.NewPageAsync();
        await page.SignInAsync(web.Url, WebApp.Admin);
        await page.BecomeLiveAsync();

        var card = page.Locator("article", new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true }) });
        await card.Locator("footer [data-actions]").ClickAsync();
        await card.Locator("footer [data-act=restart]").ClickAsync();
        await page.Locator("[data-confirm]").ClickAsync();
        await Expect(card.Locator("[data-job]")).ToContainTextAsync("Succeeded", new() { Timeout = 90_000 });

        var way = await Eventually.GetAsync(
            _ => Task.FromResult(WayTo(receiver, "engine restart")),
            way => way.Count > 3,
            describe: way => string.Join(" < ", way) + " of " + string.Join("; ", receiver.Spans.TakeLast(40))
        );
        Assert.Equal(["collector", "collector", "collector", "web", "web"], way.Select(span => span.Service));
        Assert.Equal(["engine restart", "job restart"], way.Take(2).Select(span => span.Name));
        Assert.Single(way.Select(span => span.Trace).Distinct());
        Assert.Equal("", way[^1].Parent);
        Assert.DoesNotContain(receiver.Spans, span => span is { Service: "collector", Name: "engine stats" });

        await Eventually.GetAsync(
            _ => Task.FromResult(receiver.Logs.Keys.Order(StringComparer.Ordinal).ToArray()),
            services => services is ["collector", "web"],
            describe: services => string.Join(", ", services)
        );
        await Eventually.GetAsync(
            _ => Task.FromResult(receiver.Metrics.Keys.ToHashSet()),
            metrics => metrics.Contains(("collector", "fleet.app.health")) && metrics.Contains(("web", "http.server.request.duration")),
            describe: metrics => string.Join(", ", metrics)
        );
        data.Delete(recursive: true);
    }

    // From the span up to the last received span without a parent.
    private static List<ReceivedSpan> WayTo(OtlpReceiver receiver, string name)
    {
        var way = new List<ReceivedSpan>();
        for (
            var span = receiver.Spans.LastOrDefault(one => one.Name == name);
            span is not null;
            span = receiver.Spans.FirstOrDefault(one => one.Trace == way[0].Trace && one.Id == way[^1].Parent)
        )
        {
            way.Add(span);
        }

        return way;
    }
}
