using System.Diagnostics;
using System.Net.Sockets;
using Docker.DotNet;
using Docker.DotNet.Models;
using FleetDashboard.DemoEngine.Hosting;
using FleetDashboard.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace FleetDashboard.Tests.DemoEngine;

/// <summary>The demo engine fails on demand and recovers on demand.</summary>
public sealed class FaultTests : IAsyncLifetime
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
    public async Task Fail_OnePath_AffectsNoOtherPath()
    {
        _demo.Faults.Set(new() { Fail = ["/containers/*/json"] });

        var failed = await Assert.ThrowsAsync<DockerApiException>(() => _client.Containers.InspectContainerAsync("backup", Cancel));
        var all = await ListAsync();

        Assert.Equal(System.Net.HttpStatusCode.InternalServerError, failed.StatusCode);
        Assert.Equal(60, all.Count);
    }

    [Fact]
    public async Task Latency_Set_DelaysEveryResponse()
    {
        _demo.Faults.Set(new() { LatencyMilliseconds = 120 });

        var started = Stopwatch.GetTimestamp();
        await _client.System.PingAsync(Cancel);

        Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(110));
    }

    [Fact]
    public async Task Hang_Path_DoesNotRespondUntilTheCallerLeaves()
    {
        _demo.Faults.Set(new() { Hang = ["/containers/json"] });
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _client.Containers.ListContainersAsync(new ContainersListParameters(), patience.Token)
        );
        await _client.System.PingAsync(Cancel);
    }

    [Fact]
    public async Task Cut_OpenEventStream_BreaksItAndAcceptsANewOne()
    {
        var listening = _client.System.MonitorEventsAsync(new ContainerEventsParameters(), new Progress<Message>(), Cancel);
        await _demo.Events.WaitForSubscribersAsync(1, Cancel);

        _demo.Faults.CutStreams();

        await Task.WhenAny(listening).WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        Assert.Equal(60, (await ListAsync()).Count);
    }

    [Fact]
    public async Task Refuse_Set_AbortsEveryConnection()
    {
        _demo.Faults.Set(new() { Refuse = true });
        await Assert.ThrowsAnyAsync<Exception>(() => _client.System.PingAsync(Cancel));

        _demo.Faults.Set(new());
        await _client.System.PingAsync(Cancel);
    }

    [Fact]
    public async Task FaultsRoute_OnTheSameSocket_SetsShowsAndValidatesFaults()
    {
        using var http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync })
        {
            BaseAddress = new Uri("http://demo/"),
        };

        using var set = await http.PostAsync(
            new Uri("demo/faults", UriKind.Relative),
            new StringContent("""{"latencyMilliseconds":7,"fail":["/info"]}"""),
            Cancel
        );
        var shown = await http.GetStringAsync(new Uri("demo/faults", UriKind.Relative), Cancel);
        using var misspelt = await http.PostAsync(new Uri("demo/faults", UriKind.Relative), new StringContent("""{"latncy":7}"""), Cancel);
        using var absurd = await http.PostAsync(
            new Uri("demo/faults", UriKind.Relative),
            new StringContent("""{"latencyMilliseconds":-1}"""),
            Cancel
        );

        Assert.Equal("""{"latencyMilliseconds":7,"hang":[],"fail":["/info"],"refuse":false,"churnPerMinute":0}""", shown);
        Assert.Equal(System.Net.HttpStatusCode.OK, set.StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, misspelt.StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, absurd.StatusCode);
    }

    [Fact]
    public async Task Server_StoppedAndStarted_KeepsTheFleetOnTheSameSocket()
    {
        _demo.Kill("wiki-web-1");
        await _demo.StopServerAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => _client.System.PingAsync(Cancel));

        await _demo.StartServerAsync(Cancel);

        var inspected = await _client.Containers.InspectContainerAsync("wiki-web-1", Cancel);
        Assert.Equal("exited", inspected.State!.Status);
    }

    [Fact]
    public async Task Start_SocketLeftBehindByAKilledRun_IsReplaced()
    {
        await _demo.StopServerAsync();
        using (var abandoned = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            abandoned.Bind(new UnixDomainSocketEndPoint(_demo.SocketPath + ".old"));
            // Renamed so that closing the listener does not remove the file, like a killed process.
            File.Move(_demo.SocketPath + ".old", _demo.SocketPath);
        }

        await _demo.StartServerAsync(Cancel);

        await _client.System.PingAsync(Cancel);
    }

    [Fact]
    public async Task Start_SocketInUse_SaysSoAndKeepsTheSocket()
    {
        var refused = await Assert.ThrowsAsync<SocketTakenException>(() =>
            DemoEngineApp.BuildAsync([], builder => Configure(builder, _demo.SocketPath))
        );

        Assert.Contains("in use by another program", refused.Message, StringComparison.Ordinal);
        await _client.System.PingAsync(Cancel);
    }

    [Theory]
    [InlineData("", "SocketPath")]
    [InlineData("/no/such/folder/e.sock", "does not exist")]
    [InlineData("relative.sock", "full path")]
    public async Task Start_BadSocketPath_NamesTheMistake(string path, string expected)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            DemoEngineApp.BuildAsync([], builder => Configure(builder, path))
        );

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_EachKindOfEndpoint_IsDistinguished()
    {
        var nobody = Path.Combine(Path.GetDirectoryName(_demo.SocketPath)!, "nobody.sock");

        Assert.Equal(ProbeOutcome.Answers, await EngineProbe.ProbeAsync(_demo.Endpoint.ToString(), TimeProvider.System));
        Assert.Equal(ProbeOutcome.Silent, await EngineProbe.ProbeAsync("unix://" + nobody, TimeProvider.System));
        Assert.Equal(ProbeOutcome.WrongScheme, await EngineProbe.ProbeAsync("ssh://somewhere", TimeProvider.System));
    }

    private static void Configure(Microsoft.AspNetCore.Builder.WebApplicationBuilder builder, string path)
    {
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Demo:SocketPath"] = path });
        builder.Logging.ClearProviders();
    }

    private Task<IList<ContainerListResponse>> ListAsync() =>
        _client.Containers.ListContainersAsync(new ContainersListParameters { All = true }, Cancel);

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_demo.SocketPath), cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
