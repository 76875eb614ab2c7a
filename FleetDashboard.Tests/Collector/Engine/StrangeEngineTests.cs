using System.Text.Json.Nodes;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Engine;

/// <summary>
/// Engines, and proxies before them, send answers that no manual describes. The dashboard shows all usable data, and calls nothing lost or
/// green that is not.
/// </summary>
[Trait("Category", "Long")]
public sealed class StrangeEngineTests : IAsyncLifetime
{
    private const string Victim = "wiki-web-1";

    private DemoEngineHost _demo = null!;
    private EngineProxy _door = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _demo = await DemoEngineHost.StartAsync(60, Token);
        _door = await EngineProxy.OpenAsync(_demo.Endpoint);
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _demo.DisposeAsync();
    }

    [Theory]
    [InlineData(
        500,
        """{"message":"open config.v2.json: input/output error"}""",
        "application/json",
        "open config.v2.json: input/output error"
    )]
    [InlineData(403, "<html><body>Forbidden</body></html>", "text/html", "The engine refuses GET /containers/{id}/json (403)")]
    [InlineData(404, """{"message":"No such container"}""", "application/json", "404")]
    [InlineData(200, """{"Id":7,"Name":null,"State":"running"}""", "application/json", "")]
    [InlineData(200, "not json at all", "application/json", "")]
    [InlineData(200, "[]", "application/json", "")]
    public async Task Inspection_OfOneContainerFails_ItIsShownAndNothingElseIsAffected(int status, string body, string type, string reason)
    {
        var path = $"/containers/{_demo.Container(Victim).Plan.Id}/json";
        _door.Instead = request =>
            request.Path.Value!.EndsWith(path, StringComparison.Ordinal) ? new ProxyResponse(status, body, type) : null;
        await using var collector = await StartAsync("--Engine:ReconcileInterval=00:00:01");

        var fleet = await collector.UntilAsync(fleet => All(fleet).Any(container => container.Name == Victim), Token);
        var victim = All(fleet).Single(container => container.Name == Victim);

        Assert.Equal(HealthColor.Amber, victim.Color);
        Assert.Equal(ReasonCodes.Unreadable, Assert.Single(victim.Reasons).Code);
        Assert.Contains(reason, victim.Reasons[0].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<", victim.Reasons[0].Text, StringComparison.Ordinal);
        Assert.Empty(victim.Actions.Except([ActionNames.Pull]));
        Assert.DoesNotContain("green", fleet.Verdict.Text, StringComparison.Ordinal);

        // After three more lists the engine was never called lost.
        await foreach (var next in collector.WatchAsync(Token))
        {
            Assert.False(next.Stale, next.StaleReason);
            Assert.Contains(All(next), container => container.Name == Victim);
            if (collector.EngineCalls["list"] >= 4)
            {
                break;
            }
        }

        _door.Instead = null;
        await collector.UntilAsync(fleet => All(fleet).Single(container => container.Name == Victim).Color == HealthColor.Green, Token);
    }

    [Theory]
    [InlineData("removing", "dead")]
    [InlineData("created", "running")]
    [InlineData("exited", "running")]
    public async Task ListAndInspection_Disagree_TheInspectionCountsAndNothingIsLost(string listed, string inspected)
    {
        var id = _demo.Container(Victim).Plan.Id;
        _door.Rewrite = (path, json) =>
        {
            if (path == "/containers/json" && json.AsArray().SingleOrDefault(one => (string)one!["Id"]! == id) is { } entry)
            {
                entry["State"] = listed;
            }

            if (path == $"/containers/{id}/json")
            {
                json["State"]!["Status"] = inspected;
            }
        };
        await using var collector = await StartAsync("--Engine:ReconcileInterval=00:00:01");

        await foreach (var fleet in collector.WatchAsync(Token))
        {
            Assert.False(fleet.Stale, fleet.StaleReason);
            Assert.Equal(inspected, All(fleet).Single(container => container.Name == Victim).State);
            if (collector.EngineCalls["list"] >= 5)
            {
                break;
            }
        }

        Assert.Equal(1, collector.EngineCalls["events"]);
    }

    [Theory]
    [InlineData("/info", "permit that path")]
    [InlineData("/version", "permit that path")]
    [InlineData("/networks", "Networks cannot be shown")]
    [InlineData("/events", "looks for changes every 10 s")]
    [InlineData("/images/json", "Newer images")]
    public async Task Proxy_RefusesOnePath_TheFleetIsShownAndThePermissionNamed(string path, string sentence)
    {
        _door.Instead = request =>
            request.Path.Value!.EndsWith(path, StringComparison.Ordinal)
                ? new ProxyResponse(403, "<html><body><h1>403 Forbidden</h1>\n")
                : null;
        await using var collector = await StartAsync();

        var fleet = await collector.UntilAsync(
            fleet => fleet.Warnings.Any(warning => warning.Contains(sentence, StringComparison.Ordinal)),
            Token
        );

        Assert.False(fleet.Stale, fleet.StaleReason);
        Assert.Equal(_demo.Fleet.All.Count, All(fleet).Count());
        Assert.Contains(fleet.Warnings, warning => warning.Contains($"GET {path} (403)", StringComparison.Ordinal));
        Assert.All(fleet.Warnings, warning => Assert.DoesNotContain("<", warning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Proxy_RefusesTheList_TheReasonNamesThePermission()
    {
        _door.Instead = request =>
            request.Path.Value!.EndsWith("/containers/json", StringComparison.Ordinal) ? new ProxyResponse(403, "<html>no</html>") : null;
        await using var collector = await StartAsync();

        var fleet = await collector.UntilAsync(fleet => fleet.Stale, Token);

        Assert.Equal(
            "The engine refuses GET /containers/json (403). If a socket proxy stands before it, permit that path there.",
            fleet.StaleReason
        );
    }

    [Fact]
    public async Task Proxy_RefusesStats_NothingIsOverdueAndThePermissionIsNamed()
    {
        _door.Instead = request =>
            request.Path.Value!.EndsWith("/stats", StringComparison.Ordinal) ? new ProxyResponse(403, "<html>no</html>") : null;
        await using var collector = await StartAsync("--Sampling:Interval=00:00:01");

        var fleet = await collector.UntilAsync(
            fleet => fleet.Warnings.Any(warning => warning.Contains("/containers/{id}/stats (403)", StringComparison.Ordinal)),
            Token
        );

        Assert.False(fleet.Stale, fleet.StaleReason);
        Assert.DoesNotContain(All(fleet).SelectMany(container => container.Reasons), reason => reason.Code == ReasonCodes.FiguresOverdue);
    }

    [Fact]
    public async Task Proxy_CutsSilentStreams_TheEngineIsNeverCalledLostAndEventsComeThrough()
    {
        _door.CutEventsAfter = TimeSpan.FromSeconds(1);
        await using var collector = await StartAsync();
        await collector.UntilAsync(_ => true, Token);

        await foreach (var fleet in collector.WatchAsync(Token))
        {
            Assert.False(fleet.Stale, fleet.StaleReason);
            if (collector.EngineCalls["events"] >= 4)
            {
                break;
            }
        }

        _demo.Kill(Victim);
        await collector.UntilAsync(fleet => All(fleet).Single(container => container.Name == Victim).State == "exited", Token);
    }

    [Theory]
    [InlineData(-6 * 60)]
    [InlineData(6 * 60)]
    [InlineData(-26 * 3600)]
    public async Task Clock_OfTheEngineDiffers_HealthyContainersAreGreenAndTheClockIsNamed(int seconds)
    {
        var offset = TimeSpan.FromSeconds(seconds);
        _door.ClockOffset = offset;
        _door.Rewrite = (path, json) => Shift(json, offset);
        await using var collector = await StartAsync("--Sampling:Interval=00:00:01");

        var fleet = await collector.UntilAsync(fleet => All(fleet).Any(container => container.CpuCores is not null), Token);

        var clock = Assert.Single(fleet.Warnings, warning => warning.Contains("clock", StringComparison.Ordinal));
        Assert.Contains(seconds < 0 ? "behind" : "ahead of", clock, StringComparison.Ordinal);
        Assert.DoesNotContain(All(fleet).SelectMany(container => container.Reasons), reason => reason.Code == ReasonCodes.FiguresOverdue);
        Assert.Equal(HealthColor.Green, All(fleet).Single(container => container.Name == Victim).Color);
        Assert.All(
            All(fleet).Where(container => container.SampledAt is not null),
            container => Assert.InRange(container.SampledAt!.Value, fleet.TakenAt.AddMinutes(-1), fleet.TakenAt.AddMinutes(1))
        );
    }

    [Fact]
    public async Task Memory_IsReportedAsZero_IsAGapAndNotZero()
    {
        var id = _demo.Container(Victim).Plan.Id;
        _door.Rewrite = (path, json) =>
        {
            if (path == $"/containers/{id}/stats")
            {
                json["memory_stats"] = new JsonObject { ["usage"] = 0, ["limit"] = 0 };
            }
        };
        await using var collector = await StartAsync("--Sampling:Interval=00:00:01");

        var fleet = await collector.UntilAsync(
            fleet => All(fleet).Single(container => container.Name == Victim).CpuCores is not null,
            Token
        );

        Assert.Null(All(fleet).Single(container => container.Name == Victim).MemoryBytes);
    }

    [Fact]
    public async Task ListedEntries_WithoutAnId_AreCountedAndLeftOut()
    {
        _door.Rewrite = (path, json) =>
        {
            if (path == "/containers/json")
            {
                json.AsArray().Add(new JsonObject { ["Id"] = null });
                json.AsArray().Add(JsonValue.Create("what"));
                json.AsArray().Add(new JsonObject { ["Id"] = "../../info", ["State"] = "running" });
            }
        };
        await using var collector = await StartAsync();

        var fleet = await collector.UntilAsync(fleet => fleet.Apps.Length > 0, Token);

        Assert.Equal(_demo.Fleet.All.Count, All(fleet).Count());
        Assert.Contains(fleet.Warnings, warning => warning.StartsWith("3 entries of the engine's list", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HealthEvents_ThatChangeNothing_AskNothing()
    {
        await using var collector = await StartAsync();
        var fleet = await collector.UntilAsync(fleet => All(fleet).Any(container => container.Healthcheck == "healthy"), Token);
        var healthy = All(fleet)
            .Where(container => container.Healthcheck == "healthy")
            .Select(container => _demo.Container(container.Name))
            .ToList();
        var before = collector.EngineCalls["inspect"];

        for (var round = 0; round < 20; round++)
        {
            foreach (var container in healthy)
            {
                _demo.Fleet.Lifecycle.Announce(container, "health_status: healthy", TimeProvider.System.GetUtcNow());
            }
        }

        // A later event of the same stream was applied, so these were applied too.
        _demo.Kill(Victim);
        await collector.UntilAsync(fleet => All(fleet).Single(container => container.Name == Victim).State == "exited", Token);
        Assert.InRange(collector.EngineCalls["inspect"] - before, 1, healthy.Count + 5);
    }

    private Task<CollectorHost> StartAsync(params string[] settings) =>
        CollectorHost.StartAsync(_door.Endpoint, Token, ["--Sampling:Source=socket", "--Sampling:Interval=00:00:02", .. settings]);

    private static IEnumerable<ContainerSnapshot> All(FleetSnapshot fleet) => fleet.Apps.SelectMany(app => app.Containers);

    // Shifts every time in an answer, as an engine with another clock would write it.
    private static void Shift(JsonNode? json, TimeSpan by)
    {
        switch (json)
        {
            case JsonObject map:
                foreach (var (name, value) in map.ToList())
                {
                    if (
                        value is JsonValue text
                        && text.TryGetValue<string>(out var written)
                        && written.Length > 18
                        && written[4] == '-'
                        && written[10] == 'T'
                        && DateTimeOffset.TryParse(written, System.Globalization.CultureInfo.InvariantCulture, out var at)
                        && at.Year > 2000
                    )
                    {
                        map[name] = (at + by).ToString("O");
                    }
                    else
                    {
                        Shift(value, by);
                    }
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                {
                    Shift(item, by);
                }

                break;
        }
    }
}
