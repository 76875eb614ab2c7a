using Docker.DotNet;
using FleetDashboard.DemoEngine;
using FleetDashboard.DemoEngine.Events;
using FleetDashboard.DemoEngine.Faults;
using FleetDashboard.DemoEngine.Fleet;
using FleetDashboard.DemoEngine.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Tests.Support;

/// <summary>
/// The demo engine in this process, on its own socket. The fleet survives the server, as containers survive a daemon with live-restore:
/// after <see cref="StopServerAsync"/> and <see cref="StartServerAsync"/> the same containers are still running. Nothing changes by itself
/// (no crashes, stops take no time), except a container's own behaviour, such as the crash loop.
/// </summary>
internal sealed class DemoEngineHost : IAsyncDisposable
{
    private readonly IOptions<DemoOptions> _options;
    private readonly TimeProvider _time;
    private readonly DirectoryInfo _folder;
    private WebApplication? _server;

    private DemoEngineHost(int containers, TimeProvider time, DirectoryInfo folder)
    {
        (_time, _folder) = (time, folder);
        _options = Options.Create(
            new DemoOptions
            {
                SocketPath = Path.Combine(folder.FullName, "e.sock"),
                Containers = containers,
                StopTakes = TimeSpan.Zero,
                AccidentEvery = TimeSpan.Zero,
            }
        );
        Faults = new ActiveFaults(_options);
        Fleet = new DemoFleet(_options, Events, time);
        Actions = new FleetActions(Fleet, _options, time);
        Simulation = new FleetSimulation(Fleet, Faults, _options, time);
    }

    public Uri Endpoint => new("unix://" + _options.Value.SocketPath);

    public string SocketPath => _options.Value.SocketPath;

    public EventHub Events { get; } = new();

    /// <summary>
    /// Latency, hanging, failing, refusing, churn: <c>demo.Faults.Set(new() { Fail = ["/containers/*/stats"] })</c>;
    /// <c>demo.Faults.CutStreams()</c>.
    /// </summary>
    public ActiveFaults Faults { get; }

    public DemoFleet Fleet { get; }

    public FleetActions Actions { get; }

    /// <summary>
    /// With a fake clock: advance the clock, then <c>Simulation.Advance()</c> does at once what the server would do at its next tick.
    /// </summary>
    public FleetSimulation Simulation { get; }

    public static Task<DemoEngineHost> StartAsync(int containers = 60, CancellationToken cancellationToken = default) =>
        StartAsync(TimeProvider.System, containers, cancellationToken);

    public static async Task<DemoEngineHost> StartAsync(
        TimeProvider time,
        int containers = 60,
        CancellationToken cancellationToken = default
    )
    {
        var host = new DemoEngineHost(containers, time, Directory.CreateTempSubdirectory("fleet-demo-"));
        await host.StartServerAsync(cancellationToken);
        return host;
    }

    public DockerClient CreateClient() => new DockerClientBuilder().WithEndpoint(Endpoint).WithApiVersion(new Version(1, 41)).Build();

    public DemoContainer Container(string name) =>
        Fleet.Find(name) ?? throw new ArgumentException($"The demo fleet has no container named {name}.");

    /// <summary>Like <c>docker kill</c>: the container stays stopped, regardless of its restart policy.</summary>
    public void Kill(string name) => Actions.Kill(Container(name), signal: 9);

    /// <summary>As if its process had failed: the restart policy applies. Exit code 137 stands for an out-of-memory kill.</summary>
    public void Crash(string name, int exitCode = 1) => Actions.Crash(Container(name), exitCode);

    public void Pause(string name) => Actions.Pause(Container(name));

    public void Start(string name) => Actions.Start(Container(name));

    public async Task StartServerAsync(CancellationToken cancellationToken)
    {
        var server = await DemoEngineApp.BuildAsync(
            [],
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Demo:SocketPath"] = SocketPath });
                builder.Logging.ClearProviders();
                builder.Services.AddSingleton(_options);
                builder.Services.AddSingleton(_time);
                builder.Services.AddSingleton(Events);
                builder.Services.AddSingleton(Faults);
                builder.Services.AddSingleton(Fleet);
                builder.Services.AddSingleton(Actions);
                builder.Services.AddSingleton(Simulation);
            }
        );
        await server.StartAsync(cancellationToken);
        _server = server;
    }

    /// <summary>Stops the daemon: streams break, the socket is removed, connections are refused.</summary>
    public async Task StopServerAsync()
    {
        if (_server is { } server)
        {
            _server = null;
            await server.StopAsync(CancellationToken.None);
            await server.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopServerAsync();
        Faults.Dispose();
        _folder.Delete(recursive: true);
    }
}
