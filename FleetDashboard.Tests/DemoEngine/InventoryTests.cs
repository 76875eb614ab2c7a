using Docker.DotNet;
using Docker.DotNet.Models;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.DemoEngine;

/// <summary>The demo fleet, read with the client that the Collector uses.</summary>
public sealed class InventoryTests : IAsyncLifetime
{
    private DemoEngineHost _demo = null!;
    private DockerClient _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _demo = await DemoEngineHost.StartAsync(cancellationToken: Cancel);
        _client = _demo.CreateClient();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _demo.DisposeAsync();
    }

    [Fact]
    public async Task Info_DemoEngine_ReportsADemoFleet()
    {
        var info = await _client.System.GetSystemInfoAsync(Cancel);
        var version = await _client.System.GetVersionAsync(Cancel);

        Assert.Contains("fleet.demo=true", info.Labels);
        Assert.Equal("demo-host", info.Name);
        Assert.Equal("1.41", version.APIVersion);
        Assert.Equal("Demo Engine", version.Components![0].Name);
    }

    [Fact]
    public async Task List_All_HasSixtyContainersInFifteenApps()
    {
        var all = await ListAsync(all: true);

        Assert.Equal(60, all.Count);
        Assert.Equal(60, all.Select(container => container.ID).Distinct().Count());
        Assert.Equal(
            11 + 1,
            all.Select(container => container.Labels!.TryGetValue("com.docker.compose.project", out var project) ? project : "")
                .Distinct()
                .Count()
        );
        Assert.Equal(4, all.Count(container => container.Labels!.ContainsKey("com.docker.stack.namespace")));
        Assert.Equal(3, all.Count(container => container.Labels!.ContainsKey("fleet.app")));
        Assert.Equal(
            ["/backup", "/legacy-cache", "/legacy-web", "/legacy_db"],
            all.Where(container => container.Labels!.Count == 0).Select(container => container.Names![0]).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task List_NotAll_LeavesOutTheStopped()
    {
        var running = await ListAsync(all: false);

        Assert.Equal(58, running.Count);
        Assert.DoesNotContain(running, container => container.State == "exited");
    }

    [Fact]
    public async Task List_PublishedPorts_AreUniqueAndDatabasesStayOnLoopback()
    {
        var ports = (await ListAsync(all: true)).SelectMany(container => container.Ports!, (container, port) => (container, port)).ToList();
        var claims = ports.Select(claim => $"{claim.port.IP}:{claim.port.PublicPort}").ToList();

        Assert.Equal(claims.Count, claims.Distinct().Count());
        Assert.All(ports.Where(claim => claim.port.PrivatePort is 5432 or 3306), claim => Assert.Equal("127.0.0.1", claim.port.IP));
    }

    [Theory]
    [InlineData("label", "com.docker.compose.project=billing", 5)]
    [InlineData("label", "fleet.app", 3)]
    [InlineData("name", "storefront", 6)]
    [InlineData("status", "paused", 1)]
    [InlineData("health", "unhealthy", 1)]
    public async Task List_Filter_ReturnsMatchingContainers(string filter, string value, int expected)
    {
        var found = await _client.Containers.ListContainersAsync(
            new ContainersListParameters
            {
                All = true,
                Filters = new Dictionary<string, IDictionary<string, bool>> { [filter] = new Dictionary<string, bool> { [value] = true } },
            },
            Cancel
        );

        Assert.Equal(expected, found.Count);
    }

    [Fact]
    public async Task Inspect_CrashLoop_WaitsForItsNextStart()
    {
        var worker = await _client.Containers.InspectContainerAsync("trouble-worker-1", Cancel);

        Assert.Equal("restarting", worker.State!.Status);
        Assert.True(worker.State.Running);
        Assert.Equal(3, worker.State.ExitCode);
        Assert.Equal(14, worker.RestartCount);
    }

    [Fact]
    public async Task Inspect_EachFailedContainer_ShowsItsFailure()
    {
        var web = await _client.Containers.InspectContainerAsync("trouble-web-1", Cancel);
        var importer = await _client.Containers.InspectContainerAsync("trouble-importer-1", Cancel);
        var report = await _client.Containers.InspectContainerAsync("trouble-report-1", Cancel);
        var migration = await _client.Containers.InspectContainerAsync("billing-migrate-1", Cancel);

        Assert.Equal("unhealthy", web.State!.Health!.Status);
        Assert.InRange(web.State.Health.FailingStreak, 150, 170);
        Assert.Equal(5, web.State.Health.Log!.Count);
        Assert.True(importer.State is { OOMKilled: true, ExitCode: 137, Status: "exited" });
        Assert.True(report.State is { Paused: true, Running: true });
        Assert.True(migration is { State: { ExitCode: 0, Status: "exited" }, HostConfig.RestartPolicy.Name: RestartPolicyKind.No });
    }

    [Fact]
    public async Task Inspect_NetworkModes_AreReported()
    {
        var proxy = await _client.Containers.InspectContainerAsync("edge-proxy", Cancel);
        var metrics = await _client.Containers.InspectContainerAsync("edge-metrics", Cancel);
        var certificates = await _client.Containers.InspectContainerAsync("edge-acme", Cancel);

        Assert.Equal("host", metrics.HostConfig!.NetworkMode);
        Assert.Equal("container:" + proxy.ID, certificates.HostConfig!.NetworkMode);
        Assert.Equal("172.31.12.2", proxy.NetworkSettings!.Networks!["edge_default"].IPAddress);
    }

    [Fact]
    public async Task Networks_EachApp_HasASubnetOfItsOwnWithItsMembers()
    {
        var networks = await _client.Networks.ListNetworksAsync(cancellationToken: Cancel);
        var billing = await _client.Networks.InspectNetworkAsync("billing_default", Cancel);
        var subnets = networks.SelectMany(network => network.IPAM!.Config ?? []).Select(config => config.Subnet).ToList();

        Assert.Equal(13 + 3, networks.Count);
        Assert.Equal(subnets.Count, subnets.Distinct().Count());
        Assert.Equal("172.31.2.0/24", billing.IPAM!.Config![0].Subnet);
        Assert.Equal(
            ["billing-cache-1", "billing-db-1", "billing-web-1", "billing-worker-1"],
            billing.Containers!.Values.Select(member => member.Name).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Images_OfEveryContainer_CanBeInspected()
    {
        var containers = await ListAsync(all: true);
        var images = await _client.Images.ListImagesAsync(new ImagesListParameters(), Cancel);
        var storefront = await _client.Images.InspectImageAsync("acme/storefront-api:2.14.1", Cancel);

        Assert.Empty(containers.Select(container => container.ImageID).Except(images.Select(image => image.ID)));
        Assert.Equal(["acme/storefront-api:2.14.1"], storefront.RepoTags);
    }

    [Fact]
    public async Task Inspect_UnknownId_ReturnsTheEnginesNotFoundMessage()
    {
        var refused = await Assert.ThrowsAsync<DockerContainerNotFoundException>(() =>
            _client.Containers.InspectContainerAsync("nobody", Cancel)
        );

        Assert.Contains("No such container: nobody", refused.ResponseBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_FiveThousandContainers_IsConsistent()
    {
        await using var large = await DemoEngineHost.StartAsync(5000, Cancel);
        using var client = large.CreateClient();

        var all = await client.Containers.ListContainersAsync(new ContainersListParameters { All = true }, Cancel);
        var addresses = all.SelectMany(container => container.NetworkSettings!.Networks!.Values)
            .Select(endpoint => endpoint.IPAddress)
            .Where(address => address != "")
            .ToList();
        var ports = all.SelectMany(container => container.Ports!).Select(port => $"{port.IP}:{port.PublicPort}").ToList();

        Assert.Equal(5000, all.Count);
        Assert.Equal(5000, all.Select(container => container.Names![0]).Distinct().Count());
        Assert.Equal(addresses.Count, addresses.Distinct().Count());
        Assert.Equal(ports.Count, ports.Distinct().Count());
    }

    private Task<IList<ContainerListResponse>> ListAsync(bool all) =>
        _client.Containers.ListContainersAsync(new ContainersListParameters { All = all }, Cancel);
}
