using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector;

/// <summary>The routes under <c>/api/v1</c> as scripts use them.</summary>
public sealed class FleetApiTests : IAsyncLifetime
{
    private DemoEngineHost _demo = null!;
    private CollectorHost _collector = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _demo = await DemoEngineHost.StartAsync(60, Token);
        _collector = await CollectorHost.StartAsync(_demo.Endpoint, Token, "--Sampling:Interval=00:01:00");
        await _collector.UntilAsync(fleet => fleet.Totals.CpuCores > 0, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _collector.DisposeAsync();
        await _demo.DisposeAsync();
    }

    [Fact]
    public async Task Fleet_WithItsETag_AnswersNotModifiedUntilAChange()
    {
        // A crash loop changes the snapshot now and then. The two requests are repeated where a change came between them.
        var (etag, again) = await Eventually.GetAsync(
            async token =>
            {
                using var first = await GetAsync(CollectorRoutes.Fleet, null, token);
                using var second = await GetAsync(CollectorRoutes.Fleet, first.Headers.ETag, token);
                return (first.Headers.ETag, second.StatusCode);
            },
            pair => pair.StatusCode == HttpStatusCode.NotModified
        );
        Assert.Equal(HttpStatusCode.NotModified, again);

        _demo.Kill("wiki-web-1");
        await _collector.UntilAsync(fleet => fleet.Apps.Single(app => app.Name == "wiki").Color == HealthColor.Red, Token);
        using var after = await GetAsync(CollectorRoutes.Fleet, etag, Token);

        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.NotEqual(etag, after.Headers.ETag);
    }

    [Fact]
    public async Task Fleet_AsJson_HasTheNamesOfTheContract()
    {
        using var json = JsonDocument.Parse(await _collector.Http.GetStringAsync(new Uri(CollectorRoutes.Fleet, UriKind.Relative), Token));
        var root = json.RootElement;
        var app = root.GetProperty("apps").EnumerateArray().Single(app => app.GetProperty("name").GetString() == "billing");
        var container = app.GetProperty("containers").EnumerateArray().First();

        AssertNames(root, "host", "sequence", "takenAt", "stale", "staleSince", "verdict", "apps", "networks", "warnings");
        AssertNames(root.GetProperty("host"), "name", "engine", "engineVersion", "apiVersion", "cpus", "memoryBytes", "demo");
        AssertNames(root.GetProperty("verdict"), "color", "text");
        AssertNames(app, "name", "title", "color", "cpuCores", "memoryBytes", "reasons", "containers", "ports", "networks", "databases");
        AssertNames(
            container,
            "id",
            "name",
            "service",
            "image",
            "state",
            "healthcheck",
            "color",
            "reasons",
            "cpuCores",
            "cpuLimitCores",
            "memoryBytes",
            "memoryLimitBytes",
            "sampledAt",
            "restarts",
            "exitCode",
            "oomKilled",
            "startedAt",
            "finishedAt",
            "protected",
            "protectedReason",
            "actions"
        );
        AssertNames(app.GetProperty("reasons").EnumerateArray().First(), "container", "code", "text");
        AssertNames(app.GetProperty("ports").EnumerateArray().First(), "address", "port", "protocol", "container", "target", "conflict");
        AssertNames(app.GetProperty("networks").EnumerateArray().First(), "name", "driver", "subnets");
        Assert.Equal("amber", app.GetProperty("color").GetString());
        Assert.DoesNotContain("PASSWORD", root.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Host_WithoutAConfiguredName_HasTheEnginesName()
    {
        await using var unnamed = await CollectorHost.StartAsync(_demo.Endpoint, Token, "--Engine:HostName=");
        await using var named = await CollectorHost.StartAsync(_demo.Endpoint, Token, "--Engine:HostName=lab-1");

        var name = (await _collector.FleetAsync(Token)).Host.Name;

        Assert.NotEmpty(name);
        Assert.Equal(name, (await unnamed.UntilAsync(_ => true, Token)).Host.Name);
        Assert.Equal("lab-1", (await named.UntilAsync(_ => true, Token)).Host.Name);
    }

    [Fact]
    public async Task Stop_WithAReaderOnTheStream_EndsItInGoodOrder()
    {
        var stopping = await CollectorHost.StartAsync(_demo.Endpoint, Token);
        await using var reader = stopping.WatchAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await reader.MoveNextAsync());

        await stopping.DisposeAsync();

        while (await reader.MoveNextAsync())
        {
            // The rest of the stream. The host aborts streams when its shutdown timeout ends, and then this throws.
        }
    }

    [Fact]
    public async Task App_ByName_ComesWithItsHistory()
    {
        var detail = await _collector.Http.GetFromJsonAsync("/api/v1/apps/billing", ContractsJson.Default.AppDetail, Token);

        Assert.Equal("billing", detail!.App.Name);
        Assert.Equal((10, 360), (detail.History.StepSeconds, detail.History.CpuCores.Length));
        Assert.Contains(detail.History.MemoryBytes, value => value > 0);
    }

    [Fact]
    public async Task Container_ByTheFirstDigitsOfItsId_IsFound()
    {
        var id = _demo.Container("wiki-db-1").Plan.Id;

        var detail = await _collector.Http.GetFromJsonAsync($"/api/v1/containers/{id[..12]}", ContractsJson.Default.ContainerDetail, Token);

        Assert.Equal(("wiki", "wiki-db-1", id), (detail!.App, detail.Container.Name, detail.Container.Id));
    }

    [Theory]
    [InlineData("/api/v1/apps/nobody", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/containers/ffffffffffff", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/containers/short", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/containers/0123456789AB", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/containers/..%2F..%2Fversion", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/containers/0123456789ab%0A", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/nothing", HttpStatusCode.NotFound)]
    public async Task Route_WithoutAMatch_AnswersAProblemThatSaysWhatToDo(string route, HttpStatusCode expected)
    {
        using var response = await _collector.Http.GetAsync(new Uri(_collector.Address, route), Token);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));

        Assert.Equal((expected, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.True(problem.RootElement.GetProperty("detail").GetString()!.Length > 20);
    }

    [Fact]
    public async Task OpenApi_DescribesEveryRoute()
    {
        using var document = JsonDocument.Parse(
            await _collector.Http.GetStringAsync(new Uri(CollectorRoutes.OpenApi, UriKind.Relative), Token)
        );

        var paths = document.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name);

        string[] wanted =
        [
            CollectorRoutes.Fleet,
            CollectorRoutes.FleetStream,
            CollectorRoutes.App,
            CollectorRoutes.Container,
            CollectorRoutes.AppLogs,
            CollectorRoutes.ContainerLogs,
            .. ActionNames.WithFixedRoutes.SelectMany(action =>
                new[] { $"/api/v1/containers/{{id}}/{action}", $"/api/v1/apps/{{app}}/{action}" }
            ),
            CollectorRoutes.ContainerAction,
            CollectorRoutes.AppAction,
            CollectorRoutes.Jobs,
            CollectorRoutes.Job,
            CollectorRoutes.JobStream,
            CollectorRoutes.JobCancel,
            CollectorRoutes.Audit,
            CollectorRoutes.AuditExport,
            CollectorRoutes.AuditAccounts,
        ];
        Assert.Equal(wanted.Order(StringComparer.Ordinal), paths.Order(StringComparer.Ordinal));
    }

    private static void AssertNames(JsonElement element, params string[] names) =>
        Assert.Empty(names.Except(element.EnumerateObject().Select(property => property.Name)));

    private async Task<HttpResponseMessage> GetAsync(string route, EntityTagHeaderValue? etag, CancellationToken token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, route);
        if (etag is not null)
        {
            request.Headers.IfNoneMatch.Add(etag);
        }

        return await _collector.Http.SendAsync(request, token);
    }
}
