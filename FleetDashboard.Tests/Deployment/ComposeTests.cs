using System.Net;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Deployment;
using FleetDashboard.Tests.Support.Lab;
using Xunit;

namespace FleetDashboard.Tests.Deployment;

/// <summary><c>deploy/compose.yaml</c> as an operator runs it: what must work, and what must not.</summary>
[Collection(nameof(ComposeFleet))]
[Trait("Category", "Deployment")]
[SupportedOSPlatform("linux")]
public sealed class ComposeTests(ComposeFleet fleet, EngineFixture engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task Up_SecretsInFiles_OperatorSignsInAndOtherUsersCannotReadThem()
    {
        await fleet.UpAsync(Token);
        using var visitor = new Browserless(await fleet.PageAsync(Token));

        Assert.Equal(HttpStatusCode.Redirect, (await visitor.GetAsync("/", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.SignInAsync("admin", ComposeFleet.AdminPassword, Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/", Token)).StatusCode);
        foreach (var service in (string[])["collector", "web"])
        {
            var inspected = JsonSerializer.Serialize(await fleet.InspectAsync(service, Token));
            Assert.DoesNotContain(fleet.SharedSecret, inspected, StringComparison.Ordinal);
            Assert.DoesNotContain(ComposeFleet.AdminPassword, inspected, StringComparison.Ordinal);
        }
    }

    [EngineTheory]
    [InlineData("collector")]
    [InlineData("web")]
    public async Task Process_HasNoRootNoCapabilityAndAReadOnlyFileSystem(string service)
    {
        await fleet.UpAsync(Token);

        var container = await fleet.InspectAsync(service, Token);
        var status = await fleet.ShellAsync("none", "cat /proc/1/status", Token, pidMode: $"container:{container.ID}");
        var fields = status
            .Split('\n')
            .Select(line => line.Split(':', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => Words(pair[1]));

        Assert.All(fields["Uid"], id => Assert.Equal("1654", id));
        Assert.All(fields["Gid"], id => Assert.Equal("1654", id));
        Assert.Equal(service == "collector" ? [$"{fleet.SocketGroup}"] : [], fields["Groups"].Except(["1654"]));
        foreach (var set in (string[])["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"])
        {
            Assert.Equal(["0000000000000000"], fields[set]);
        }

        Assert.Equal(["1"], fields["NoNewPrivs"]);
        Assert.True(container.HostConfig!.ReadonlyRootfs);
        Assert.Equal(["/data"], container.Mounts.Where(mount => mount.RW).Select(mount => mount.Destination));
        Assert.True(container.HostConfig.Memory > 0 && container.HostConfig.PidsLimit > 0);
    }

    [EngineFact]
    public async Task Socket_IsOnlyInTheCollector()
    {
        await fleet.UpAsync(Token);

        var (collector, web) = (await fleet.InspectAsync("collector", Token), await fleet.InspectAsync("web", Token));

        Assert.Contains(collector.Mounts, mount => mount.Source == engine.Endpoint.AbsolutePath && !mount.RW);
        Assert.DoesNotContain(
            web.Mounts,
            mount =>
                mount.Source.EndsWith(".sock", StringComparison.Ordinal) || mount.Destination.EndsWith(".sock", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(web.Mounts, mount => engine.Endpoint.AbsolutePath.StartsWith(mount.Source + '/', StringComparison.Ordinal));
    }

    [EngineFact]
    public async Task Stats_ComeFromTheHostsReadOnlyCgroups()
    {
        await fleet.UpAsync(Token);
        await using var collector = await fleet.CollectorFromWebAsync(Token);
        using var http = new HttpClient { BaseAddress = collector.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", CollectorHost.Token(secret: fleet.SharedSecret));

        var seen = await Eventually.GetAsync(
            token => http.GetFromJsonAsync(new Uri(CollectorRoutes.Fleet, UriKind.Relative), ContractsJson.Default.FleetSnapshot, token),
            // Other tests start containers on the same engine, and stats of a container that has just started are requested from the engine
            // once.
            snapshot =>
                snapshot!.Host.Figures == StatsSources.Cgroup
                && snapshot
                    .Apps.SelectMany(app => app.Containers)
                    .Any(container => container is { Service: "collector", CpuCores: not null, NetworkReceiveRate: not null })
        );

        Assert.Equal(StatsSources.Cgroup, seen!.Host.Figures);
        Assert.Contains(
            (await fleet.InspectAsync("collector", Token)).Mounts,
            mount => mount.Destination == "/host/sys/fs/cgroup" && !mount.RW
        );
        Assert.Empty(seen.Warnings);
    }

    [EngineFact]
    public async Task FromWeb_OnlyTheCollectorsApiIsReachable()
    {
        await fleet.UpAsync(Token);
        await using var collector = await fleet.CollectorFromWebAsync(Token);
        using var http = new HttpClient { BaseAddress = collector.Address };

        Assert.Equal("Healthy", await http.GetStringAsync(new Uri(CollectorRoutes.Health, UriKind.Relative), Token));
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await http.GetAsync(new Uri(CollectorRoutes.Fleet, UriKind.Relative), Token)).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await http.GetAsync(new Uri(CollectorRoutes.Metrics, UriKind.Relative), Token)).StatusCode
        );

        // Listening sockets (state 0A) in the Collector's network, except for the engine's DNS server on 127.0.0.11. 8080 is 1F90.
        var inside = $"container:{await fleet.IdAsync("collector", Token)}";
        var listening = await fleet.ShellAsync(inside, "cat /proc/net/tcp /proc/net/tcp6 | awk '$4 == \"0A\" { print $2 }'", Token);
        Assert.Equal(
            ["1F90"],
            listening
                .Split('\n')
                .Where(address => !address.StartsWith("0B00007F", StringComparison.Ordinal))
                .Select(address => address.Split(':')[1])
                .Distinct()
        );
    }

    [EngineFact]
    public async Task FromOutside_CollectorIsUnreachableAndHasNoInternetAccess()
    {
        var client = await fleet.UpAsync(Token);
        var collector = await fleet.InspectAsync("collector", Token);

        Assert.All(
            collector.NetworkSettings!.Ports ?? new Dictionary<string, IList<Docker.DotNet.Models.PortBinding>>(),
            port => Assert.Null(port.Value)
        );
        foreach (var network in (string[])[fleet.Network("page"), "bridge"])
        {
            await using var outside = await fleet.CollectorFromAsync(network, Token);
            using var http = new HttpClient { BaseAddress = outside.Address, Timeout = TimeSpan.FromSeconds(5) };
            var fault = await Record.ExceptionAsync(() => http.GetStringAsync(new Uri(CollectorRoutes.Health, UriKind.Relative), Token));
            Assert.True(
                fault is HttpRequestException { StatusCode: null } or TaskCanceledException,
                $"Reached from {network}: {fault?.Message}"
            );
        }

        // The engines of these tests have no internet access anyway, so the engine's own flag must do.
        Assert.True((await client.Networks.InspectNetworkAsync(fleet.Network("collector"), Token)).Internal);
        Assert.Equal([fleet.Network("collector")], collector.NetworkSettings!.Networks.Keys);
    }

    [EngineFact]
    public async Task Restart_RequestedByWeb_HappensAndTheTrailIsIntact()
    {
        await fleet.UpAsync(Token);
        var victim = await engine.RunAsync(new LabContainer(engine.NameOf("bounced")) { StopTimeout = TimeSpan.Zero }, Token);
        var before = (await engine.InspectAsync(victim, Token)).State!.StartedAt;

        var records = await fleet.RestartAsync(victim, Token);

        Assert.NotEqual(before, (await engine.InspectAsync(victim, Token)).State!.StartedAt);
        Assert.Equal(["outcome", "intent"], records.Select(record => record.Phase));
        Assert.All(records, record => Assert.Equal("Tester", record.User));
        Assert.Contains("is intact", await fleet.VerifyAsync(Token), StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Health_NothingListens_SaysSoAndFails()
    {
        await fleet.UpAsync(Token);

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            fleet.ComposeAsync(["exec", "-T", "-e", "ASPNETCORE_HTTP_PORTS=9", "web", "/app/FleetDashboard.Web", "health"], Token)
        );

        Assert.Contains("ended with 1", fault.Message, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:9/health could not be requested: Connection refused", fault.Message, StringComparison.Ordinal);
    }

    private static string[] Words(string text) => text.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
}
