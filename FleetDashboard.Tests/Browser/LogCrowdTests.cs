using System.Collections.Concurrent;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using Xunit;

namespace FleetDashboard.Tests.Browser;

/// <summary>
/// Many browsers that open logs and leave, on a real engine. <c>FLEET_TEST_CROWD</c> sets how many at once, and
/// <c>FLEET_TEST_CROWD_ROUNDS</c> how often each. Fifty browsers for minutes are for a manual run.
/// </summary>
[Trait("Category", "Engine")]
public sealed class LogCrowdTests(EngineFixture engine, BrowserFixture browser)
{
    /// <summary>Idle connections kept for the next request, from Web to the Collector and from the Collector to the engine.</summary>
    private const int KeptConnections = 16;

    private static readonly int Crowd = RequestedAmount.For("FLEET_TEST_CROWD", 5);
    private static readonly int Rounds = RequestedAmount.For("FLEET_TEST_CROWD_ROUNDS", 3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task Browsers_OpenLogsAndLeave_NoConnectionStaysOpen()
    {
        var data = Directory.CreateTempSubdirectory("fleet-crowd-").FullName;
        var name = engine.NameOf("crowded");
        var id = await engine.RunAsync(
            new LabContainer(name) { Command = ["sh", "-c", "while :; do echo line; usleep 20000; done"] },
            Token
        );
        await using (
            var collector = await CollectorProcess.StartAsync(
                engine.Endpoint,
                data,
                Token,
                "--Logs:MaxStreamsPerUser=128",
                "--Logs:MaxStreams=128"
            )
        )
        await using (
            var web = WebApp.Start(collector.Address, KeyValuePair.Create<string, string?>("Collectors:SharedSecret", CollectorHost.Secret))
        )
        {
            await web.UntilAsync(view => view.Snapshot?.Apps.Any(app => app.Containers.Any(one => one.Name == name)) == true, Token);
            var cookies = await SignInAsync(web);
            await VisitAsync(web, cookies, id);
            await AllGoneAsync(collector);
            var before = collector.Descriptors;
            var openAtTheEngine = EngineProcess.OpenLogs(engine.Endpoint, id);

            await Parallel.ForEachAsync(
                Enumerable.Range(0, Crowd),
                new ParallelOptions { MaxDegreeOfParallelism = Crowd, CancellationToken = Token },
                async (_, _) =>
                {
                    for (var round = 0; round < Rounds; round++)
                    {
                        await VisitAsync(web, cookies, id);
                    }
                }
            );

            await AllGoneAsync(collector);
            var after = await Eventually.GetAsync(_ => Task.FromResult(collector.Descriptors), open => open <= before + KeptConnections);
            Assert.Equal(
                openAtTheEngine,
                await Eventually.GetAsync(
                    _ => Task.FromResult(EngineProcess.OpenLogs(engine.Endpoint, id)),
                    open => open == openAtTheEngine
                )
            );
            TestContext.Current.SendDiagnosticMessage(
                "{0} visits: {1} descriptors of the Collector before, {2} after; the engine has the log open {3} times, as before",
                Crowd * Rounds,
                before,
                after,
                openAtTheEngine
            );
        }

        await (await engine.ClientAsync(Token)).Containers.RemoveContainerAsync(id, new() { Force = true }, Token);
        Directory.Delete(data, recursive: true);
    }

    // Counts connections of callers as well as connections to the engine.
    private static Task AllGoneAsync(CollectorProcess collector) =>
        Eventually.GetAsync(
            async token =>
                (
                    Callers: await collector.MetricAsync("fleet_log_streams", token),
                    AtTheEngine: await collector.MetricAsync("fleet_engine_log_streams", token)
                ),
            open => open == (0, 0)
        );

    private async Task<string> SignInAsync(WebApp web)
    {
        await using var context = await (await browser.LaunchAsync()).NewContextAsync();
        context.SetDefaultTimeout(BrowserFixture.Deadline);
        var page = await context.NewPageAsync();
        await page.SignInAsync(web.Url);
        await page.BecomeLiveAsync();
        return await context.StorageStateAsync();
    }

    // Closes without a goodbye, like a browser that is closed.
    private async Task VisitAsync(WebApp web, string cookies, string id)
    {
        await using var context = await (await browser.LaunchAsync()).NewContextAsync(new() { StorageState = cookies });
        context.SetDefaultTimeout(BrowserFixture.Deadline * 3);
        var page = await context.NewPageAsync();
        var failed = new ConcurrentQueue<string>();
        page.RequestFailed += (_, request) => failed.Enqueue($"{request.Url}: {request.Failure}");
        page.Console += (_, message) => failed.Enqueue($"{message.Type}: {message.Text}");
        await page.GotoAsync(new Uri(web.Url, $"/containers/{id}/logs").ToString());
        try
        {
            await page.Locator("fleet-logs .line").First.WaitForAsync();
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException(
                $"No line appeared. The page shows: {await page.Locator("body").InnerTextAsync()} "
                    + $"Failed requests: {string.Join("; ", failed)}",
                late
            );
        }
    }
}
