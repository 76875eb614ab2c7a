using System.Collections.Immutable;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// The questions that the dashboard puts to a container engine. Nothing else in the product talks to it, and there is no way
/// through: each question is a method, each has a deadline, each is counted.
/// </summary>
internal sealed class EngineClient : IDisposable
{
    /// <summary>The engine's own label that says its fleet is invented.</summary>
    private const string DemoLabel = "fleet.demo=true";

    /// <summary>One-shot figures came with this version; it is spoken wherever the engine still does.</summary>
    private static readonly System.Version PreferredApi = new(1, 41);

    private readonly EngineOptions _options;
    private readonly EngineCalls _calls;
    private readonly TimeProvider _time;
    private readonly DockerClient _unversioned;
    private readonly HttpClient _http;
    private DockerClient _docker;

    public EngineClient(IOptions<EngineOptions> options, EngineCalls calls, TimeProvider time)
    {
        (_options, _calls, _time) = (options.Value, calls, time);
        _unversioned = Build(version: null);
        _http = EngineHttp.Create(_options.Endpoint);
        _docker = Build(PreferredApi);
    }

    /// <summary>The API version in use, for those who build their own requests.</summary>
    public System.Version ApiVersion { get; private set; } = PreferredApi;

    /// <summary>What the engine itself runs on, e.g. <c>linux/amd64</c>; empty before it was asked.</summary>
    public string Platform { get; private set; } = "";

    /// <summary>Asks who the engine is, and settles which API version to speak.</summary>
    public async Task<HostFacts> ConnectAsync(CancellationToken cancellationToken)
    {
        var version = await AskAsync("version", _unversioned.System.GetVersionAsync, cancellationToken);

        Platform = $"{version.Os}/{version.Arch}";

        // Engine 29 no longer speaks 1.41: its oldest version is the one nearest to what is known here.
        var oldest = System.Version.TryParse(version.MinAPIVersion, out var minimum) ? minimum : PreferredApi;
        var wanted = oldest > PreferredApi ? oldest : PreferredApi;
        if (wanted != ApiVersion)
        {
            ApiVersion = wanted;
            _docker.Dispose();
            _docker = Build(wanted);
        }

        var info = await AskAsync("info", _docker.System.GetSystemInfoAsync, cancellationToken);
        var component = version.Components?.FirstOrDefault()?.Name;
        return new HostFacts(
            string.IsNullOrWhiteSpace(_options.HostName) ? info.Name ?? "host" : _options.HostName,
            component is null or "Engine" ? "Docker" : component,
            version.Version ?? info.ServerVersion ?? "",
            version.APIVersion ?? "",
            (int)info.NCPU,
            info.MemTotal,
            info.Labels?.Contains(DemoLabel) == true,
            ContainerMapper.Time(info.SystemTime))
        {
            CgroupDriver = info.CgroupDriver ?? "",
            EngineId = info.ID ?? "",
        };
    }

    /// <summary>Asks for a sign of life.</summary>
    public Task PingAsync(TimeSpan deadline, CancellationToken cancellationToken) =>
        AskAsync("ping", async token =>
        {
            await _docker.System.PingAsync(token);
            return true;
        }, cancellationToken, deadline);

    /// <summary>Lists every container with its state.</summary>
    public async Task<ImmutableArray<ListedContainer>> ListAsync(CancellationToken cancellationToken)
    {
        var list = await AskAsync("list",
            token => _docker.Containers.ListContainersAsync(new ContainersListParameters { All = true }, token), cancellationToken);
        return [.. list.Select(container => new ListedContainer(container.ID, container.State ?? ""))];
    }

    /// <summary>Inspects one container; null when there is none of that id any more.</summary>
    public Task<ContainerFacts?> InspectAsync(string id, CancellationToken cancellationToken) =>
        AskAsync("inspect", async token =>
        {
            try
            {
                return ContainerMapper.Map(await _docker.Containers.InspectContainerAsync(id, token));
            }
            catch (DockerApiException gone) when (gone.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }
        }, cancellationToken);

    /// <summary>Lists every network.</summary>
    public async Task<ImmutableArray<NetworkFacts>> NetworksAsync(CancellationToken cancellationToken)
    {
        var list = await AskAsync("networks", token => _docker.Networks.ListNetworksAsync(new NetworksListParameters(), token), cancellationToken);
        return [.. list.OrderBy(network => network.Name, StringComparer.Ordinal).Select(network => new NetworkFacts(
            network.ID,
            network.Name,
            network.Driver ?? "",
            network.Internal,
            [.. (network.IPAM?.Config ?? []).Where(config => !string.IsNullOrEmpty(config.Subnet))
                .Select(config => (config.Subnet, string.IsNullOrEmpty(config.Gateway) ? null : config.Gateway))]))];
    }

    /// <summary>Restarts one container with its own stop timeout. Null when it is done, else why the engine would not; ends the waiting, not the restart.</summary>
    public Task<string?> RestartAsync(string id, TimeSpan deadline, CancellationToken cancellationToken) =>
        AskAsync<string?>("restart", async token =>
        {
            try
            {
                await _docker.Containers.RestartContainerAsync(id, new ContainerRestartParameters(), token);
                return null;
            }
            catch (DockerApiException refused)
            {
                return EngineFault.Message(refused);
            }
        }, cancellationToken, deadline);

    /// <summary>Runs one command inside a container and reads what it says; null where the container does not run. Ends the waiting, not the command.</summary>
    public Task<ExecAnswer?> ExecAsync(string id, IReadOnlyList<string> command, TimeSpan deadline, CancellationToken cancellationToken) =>
        AskAsync("exec", token => EngineExec.RunAsync(_docker, _http, ApiVersion, id, command, _time, token), cancellationToken, deadline);

    /// <summary>Reports what happens until the stream ends, which it does only with an exception or <paramref name="cancellationToken"/>.</summary>
    /// <param name="since">From when on (engine's clock); what the engine still remembers is told first.</param>
    /// <param name="report">Called for each event, in order, on the stream's own thread: must be quick.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">The engine ended the stream.</exception>
    public async Task WatchAsync(DateTimeOffset since, Action<EngineEvent> report, CancellationToken cancellationToken)
    {
        _calls.Opened("events");
        await _docker.System.MonitorEventsAsync(EventMapper.Parameters(since), new EventMapper(report), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        throw new IOException("The engine ended its stream of events.");
    }

    public void Dispose()
    {
        _unversioned.Dispose();
        _docker.Dispose();
        _http.Dispose();
    }

    private Task<T> AskAsync<T>(string kind, Func<CancellationToken, Task<T>> question, CancellationToken cancellationToken, TimeSpan? deadline = null) =>
        _calls.AskAsync(kind, deadline ?? _options.Deadline, question, cancellationToken);

    private DockerClient Build(System.Version? version)
    {
        var builder = new DockerClientBuilder().WithEndpoint(_options.Endpoint).WithTimeout(Timeout.InfiniteTimeSpan);
        return (DockerClient)(version is null ? builder : builder.WithApiVersion(version)).Build();
    }
}
