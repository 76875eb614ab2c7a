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
    private readonly EngineOptions _options;
    private readonly EngineCalls _calls;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly HttpClient _streams;
    private DockerClient _docker;

    public EngineClient(IOptions<EngineOptions> options, EngineCalls calls, TimeProvider time)
    {
        (_options, _calls, _time) = (options.Value, calls, time);
        Clock = new EngineClock();
        _http = EngineHttp.Create(_options.Endpoint);
        _streams = EngineHttp.Create(_options.Endpoint, drain: false);
        _docker = Build(EngineApi.Oldest);
    }

    /// <summary>The API version in use. Every request takes it from here, whether the client library sends it or not.</summary>
    public System.Version ApiVersion { get; private set; } = EngineApi.Oldest;

    /// <summary>The newest API version that the engine speaks, which may be newer than the one in use.</summary>
    public System.Version NewestApiVersion { get; private set; } = EngineApi.Oldest;

    /// <summary>The host name of the engine's machine; empty before the engine was asked.</summary>
    public string MachineName { get; private set; } = "";

    /// <summary>What the engine itself runs on, e.g. <c>linux/amd64</c>; empty before it was asked.</summary>
    public string Platform { get; private set; } = "";

    /// <summary>How far the engine's clock is from ours.</summary>
    public EngineClock Clock { get; }

    /// <summary>
    /// Asks who the engine is, and settles which API version to speak. What a socket proxy refuses is left out, and
    /// <see cref="HostFacts.Problems"/> says so.
    /// </summary>
    public async Task<HostFacts> ConnectAsync(CancellationToken cancellationToken)
    {
        var troubles = ImmutableArray.CreateBuilder<string>();
        using var version = await OptionalAsync("version", "/version", "The engine's version is not known", troubles, cancellationToken);

        Platform = $"{version?.Root.Text("Os")}/{version?.Root.Text("Arch")}".Trim('/');

        var newest = version?.Root.Text("ApiVersion") ?? await PingedVersionAsync(cancellationToken);
        var told = HostFacts.Read(version?.Root ?? default, default, null);
        var wanted = EngineApi.Choose(told.Engine, told.EngineVersion, newest, version?.Root.Text("MinAPIVersion"));
        NewestApiVersion = EngineApi.Parse(newest) ?? wanted;
        if (wanted != ApiVersion)
        {
            ApiVersion = wanted;
            _docker.Dispose();
            _docker = Build(wanted);
        }

        using var info = await OptionalAsync(
            "info",
            $"/v{ApiVersion}/info",
            "The host's name, CPUs and memory are not known",
            troubles,
            cancellationToken
        );
        MachineName = info?.Root.Text("Name") ?? "";
        var time = info?.Root.Time("SystemTime");
        Clock.Set(time is { } shown && info?.Sent is { } sent ? sent with { Told = shown } : info?.Sent ?? version?.Sent);
        return HostFacts.Read(version?.Root ?? default, info?.Root ?? default, _options.HostName) with
        {
            EngineTime = time,
            Problems = troubles.ToImmutable(),
        };
    }

    /// <summary>Asks for a sign of life. Any answer is one, a refusal too.</summary>
    public Task PingAsync(TimeSpan deadline, CancellationToken cancellationToken) =>
        AskAsync(
            "ping",
            async token =>
            {
                using var response = await _http.GetAsync("/_ping", HttpCompletionOption.ResponseHeadersRead, token);
                return (int)response.StatusCode < 500 ? true : throw await EngineReader.RefusalAsync(response, "/_ping", token);
            },
            cancellationToken,
            deadline
        );

    /// <summary>Lists every container with its state.</summary>
    /// <exception cref="EngineRefusal">The engine, or a proxy before it, does not permit it.</exception>
    public Task<ContainerList> ListAsync(CancellationToken cancellationToken) =>
        AskAsync(
            "list",
            async token =>
            {
                using var answer = await EngineReader.GetAsync(
                    _http,
                    $"/v{ApiVersion}/containers/json?all=true",
                    EngineLimits.ListBytes,
                    _time,
                    token
                );
                return ContainerList.Read(answer, Clock);
            },
            cancellationToken
        );

    /// <summary>Inspects one container; null when there is none of that id any more.</summary>
    public Task<ContainerFacts?> InspectAsync(string id, CancellationToken cancellationToken) =>
        AskAsync(
            "inspect",
            async token =>
            {
                try
                {
                    return ContainerMapper.Map(await _docker.Containers.InspectContainerAsync(id, token), Clock) with { Id = id };
                }
                catch (DockerApiException gone) when (gone.StatusCode == HttpStatusCode.NotFound)
                {
                    return null;
                }
                catch (DockerApiException refused)
                {
                    throw EngineReader.Refusal(refused.StatusCode, refused.ResponseBody ?? "", $"/containers/{id}/json");
                }
            },
            cancellationToken
        );

    /// <summary>Lists every network.</summary>
    public Task<ImmutableArray<NetworkFacts>> NetworksAsync(CancellationToken cancellationToken) =>
        AskAsync(
            "networks",
            async token =>
            {
                using var answer = await EngineReader.GetAsync(_http, $"/v{ApiVersion}/networks", EngineLimits.NetworksBytes, _time, token);
                return NetworkList.Read(answer);
            },
            cancellationToken
        );

    /// <summary>Lists the services of the Swarm that this engine manages.</summary>
    /// <exception cref="EngineRefusal">The engine is not a manager of a Swarm, or a proxy before it does not permit it.</exception>
    public Task<ImmutableArray<ServiceFacts>> ServicesAsync(CancellationToken cancellationToken) =>
        AskAsync(
            "services",
            async token =>
            {
                using var answer = await EngineReader.GetAsync(_http, $"/v{ApiVersion}/services", EngineLimits.NetworksBytes, _time, token);
                return ServiceList.Read(answer);
            },
            cancellationToken
        );

    /// <summary>
    /// Restarts one container with its own stop timeout. Null when it is done, else why the engine would not; ends the waiting, not the
    /// restart.
    /// </summary>
    public Task<string?> RestartAsync(string id, TimeSpan deadline, CancellationToken cancellationToken) =>
        AskAsync<string?>(
            "restart",
            async token =>
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
            },
            cancellationToken,
            deadline
        );

    /// <summary>
    /// Runs one command inside a container and reads what it says; null where the container does not run. Ends the waiting, not the
    /// command.
    /// </summary>
    public Task<ExecAnswer?> ExecAsync(string id, IReadOnlyList<string> command, TimeSpan deadline, CancellationToken cancellationToken) =>
        AskAsync("exec", token => EngineExec.RunAsync(_docker, _http, ApiVersion, id, command, _time, token), cancellationToken, deadline);

    /// <summary>Opens the stream of events; <see cref="EventStream"/> reads it.</summary>
    /// <param name="since">From when on, by our clock. The engine first sends what it remembers from then on.</param>
    /// <param name="cancellationToken">Ends the opening, not the stream.</param>
    /// <exception cref="EngineRefusal">The engine, or a proxy before it, does not permit it.</exception>
    public Task<Stream> OpenEventsAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        _calls.Opened("events");
        return AskAsync(
            "open-events",
            async token =>
            {
                var path = $"/v{ApiVersion}/events?{EventMapper.Query(Clock.ToEngine(since))}";
                var response = await _streams.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, token);
                if (!response.IsSuccessStatusCode)
                {
                    using (response)
                    {
                        throw await EngineReader.RefusalAsync(response, path, token);
                    }
                }

                return await response.Content.ReadAsStreamAsync(token); // Closing it closes the connection.
            },
            cancellationToken
        );
    }

    public void Dispose()
    {
        _docker.Dispose();
        _http.Dispose();
        _streams.Dispose();
    }

    // A proxy that hides /version still passes /_ping, whose headers name the newest version.
    private Task<string?> PingedVersionAsync(CancellationToken cancellationToken) =>
        AskAsync(
            "ping",
            async token =>
            {
                using var response = await _http.GetAsync("/_ping", HttpCompletionOption.ResponseHeadersRead, token);
                return response.Headers.TryGetValues("Api-Version", out var versions) ? versions.FirstOrDefault() : null;
            },
            cancellationToken
        );

    private Task<T> AskAsync<T>(
        string kind,
        Func<CancellationToken, Task<T>> question,
        CancellationToken cancellationToken,
        TimeSpan? deadline = null
    ) => _calls.AskAsync(kind, deadline ?? _options.Deadline, question, cancellationToken);

    // Null where the engine refuses it, or answers something else: the rest of the fleet can be shown without.
    private Task<EngineAnswer?> OptionalAsync(
        string kind,
        string path,
        string without,
        ImmutableArray<string>.Builder troubles,
        CancellationToken cancellationToken
    ) =>
        AskAsync<EngineAnswer?>(
            kind,
            async token =>
            {
                try
                {
                    return await EngineReader.GetAsync(_http, path, EngineLimits.SmallBytes, _time, token);
                }
                catch (Exception refused) when (refused is EngineRefusal or InvalidDataException)
                {
                    troubles.Add($"{without}. {refused.Message}");
                    return null;
                }
            },
            cancellationToken
        );

    private DockerClient Build(System.Version version) =>
        (DockerClient)
            new DockerClientBuilder().WithEndpoint(_options.Endpoint).WithTimeout(Timeout.InfiniteTimeSpan).WithApiVersion(version).Build();
}
