using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Docker.DotNet.Models;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// The questions of the dashboard to a container engine. Each is a method, has a deadline and is counted, and no caller can send a request
/// of its own.
/// </summary>
internal sealed class EngineClient(IOptions<EngineOptions> options, EngineChannel channel, EngineCalls calls, TimeProvider time)
{
    /// <summary>The difference between the engine's clock and ours.</summary>
    public EngineClock Clock { get; } = new();

    /// <summary>
    /// Negotiates the API version and asks for the engine's machine. An answer that a socket proxy refuses is left out, and
    /// <see cref="HostFacts.Problems"/> says so.
    /// </summary>
    /// <exception cref="EngineTooOldException">The engine speaks no API version that the Collector speaks.</exception>
    public async Task<HostFacts> ConnectAsync(CancellationToken cancellationToken)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        using var version = await OptionalAsync("version", "/version", "The engine's version cannot be shown", problems, cancellationToken);

        // A proxy that refuses /version still passes /_ping, whose header has the newest version.
        var newest = version?.Root.Text("ApiVersion") ?? await PingAsync(options.Value.Deadline, cancellationToken);
        var engine = HostFacts.Read(version?.Root ?? default, default, null);
        var chosen = EngineApi.Choose(engine.Engine, engine.EngineVersion, newest, version?.Root.Text("MinAPIVersion"));
        var identity = new EngineIdentity(
            chosen,
            EngineApi.Parse(newest) ?? chosen,
            $"{version?.Root.Text("Os")}/{version?.Root.Text("Arch")}".Trim('/'),
            channel.Identity.MachineName
        );
        channel.Settle(identity);

        const string consequence = "The host's name, CPUs and memory cannot be shown";
        using var info = await OptionalAsync("info", "/info", consequence, problems, cancellationToken);
        channel.Settle(identity with { MachineName = info?.Root.Text("Name") ?? "" });
        var engineTime = info?.Root.Time("SystemTime");
        Clock.Set(engineTime is { } shown && info?.Sent is { } sent ? sent with { Shown = shown } : info?.Sent ?? version?.Sent);
        return HostFacts.Read(version?.Root ?? default, info?.Root ?? default, options.Value.HostName) with
        {
            EngineTime = engineTime,
            Problems = problems.ToImmutable(),
        };
    }

    /// <summary>
    /// Asks for a sign of life. Any answer below 500 is one, even a refusal. Returns the newest API version that the engine speaks; null
    /// where it does not say.
    /// </summary>
    public Task<string?> PingAsync(TimeSpan deadline, CancellationToken cancellationToken) =>
        AskAsync(
            "ping",
            async token =>
            {
                try
                {
                    using var response = await channel.Http.GetAsync("/_ping", token);
                    return response.Headers.TryGetValues("Api-Version", out var versions) ? versions.FirstOrDefault() : null;
                }
                catch (EngineRefusal refusal) when ((int)refusal.Status < 500)
                {
                    return null;
                }
            },
            cancellationToken,
            deadline
        );

    /// <summary>Lists every container with its state.</summary>
    public Task<ContainerList> ListAsync(CancellationToken cancellationToken) =>
        ReadAsync(
            "list",
            "/containers/json?all=true",
            EngineLimits.ListBytes,
            answer => ContainerList.Read(answer, Clock),
            cancellationToken
        );

    /// <summary>Lists every network.</summary>
    public Task<ImmutableArray<NetworkFacts>> NetworksAsync(CancellationToken cancellationToken) =>
        ReadAsync("networks", "/networks", EngineLimits.NetworksBytes, NetworkList.Read, cancellationToken);

    /// <summary>Lists the services of the Swarm that this engine manages.</summary>
    /// <exception cref="EngineRefusal">The engine is not a manager of a Swarm, or a proxy before it refuses the path.</exception>
    public Task<ImmutableArray<ServiceFacts>> ServicesAsync(CancellationToken cancellationToken) =>
        ReadAsync("services", "/services", EngineLimits.NetworksBytes, ServiceList.Read, cancellationToken);

    /// <summary>Inspects one container; null where the engine has none of that id.</summary>
    public Task<ContainerFacts?> InspectAsync(string id, CancellationToken cancellationToken) =>
        AskAsync(
            "inspect",
            async token =>
            {
                try
                {
                    return ContainerMapper.Map(await channel.Docker.Containers.InspectContainerAsync(id, token), Clock) with { Id = id };
                }
                catch (EngineRefusal gone) when (gone.Status == HttpStatusCode.NotFound)
                {
                    return null;
                }
                catch (JsonException unreadable)
                {
                    throw new EngineException($"The engine's answer to /containers/{ShortId.From(id)}/json could not be read.", unreadable);
                }
            },
            cancellationToken
        );

    /// <summary>
    /// Restarts one container with its own stop timeout. Returns null when it is done, else the engine's reason. A deadline that passes
    /// ends the waiting and not the restart.
    /// </summary>
    public Task<string?> RestartAsync(string id, TimeSpan deadline, CancellationToken cancellationToken) =>
        AskAsync<string?>(
            "restart",
            async token =>
            {
                try
                {
                    await channel.Docker.Containers.RestartContainerAsync(id, new ContainerRestartParameters(), token);
                    return null;
                }
                catch (EngineRefusal refusal)
                {
                    return refusal.Message;
                }
            },
            cancellationToken,
            deadline
        );

    /// <summary>
    /// Runs one command inside a container and reads its output; null where the container does not run. A deadline that passes ends the
    /// waiting and not the command.
    /// </summary>
    public Task<ExecAnswer?> ExecAsync(string id, IReadOnlyList<string> command, TimeSpan deadline, CancellationToken cancellationToken) =>
        AskAsync("exec", token => EngineExec.RunAsync(channel, id, command, time, token), cancellationToken, deadline);

    /// <summary>Opens the stream of events; <see cref="EventStream"/> reads it.</summary>
    /// <param name="since">The first moment, by our clock. The engine sends the older events that it remembers first.</param>
    /// <param name="cancellationToken">Ends the opening, not the stream.</param>
    public Task<Stream> OpenEventsAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        calls.Opened("events");
        return AskAsync(
            "open-events",
            async token =>
            {
                var path = $"/events?{EventMapper.Query(Clock.ToEngine(since))}";
                var response = await channel.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, token);
                return await response.Content.ReadAsStreamAsync(token); // Closing it closes the connection.
            },
            cancellationToken
        );
    }

    private Task<T> ReadAsync<T>(string kind, string path, int limit, Func<EngineAnswer, T> read, CancellationToken cancellationToken) =>
        AskAsync(
            kind,
            async token =>
            {
                using var answer = await EngineReader.GetAsync(channel.Http, path, limit, time, token);
                return read(answer);
            },
            cancellationToken
        );

    // Null where the engine refuses the path or sends no JSON: the rest of the fleet is shown without it.
    private async Task<EngineAnswer?> OptionalAsync(
        string kind,
        string path,
        string consequence,
        ImmutableArray<string>.Builder problems,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await AskAsync(
                kind,
                token => EngineReader.GetAsync(channel.Http, path, EngineLimits.SmallBytes, time, token),
                cancellationToken
            );
        }
        catch (Exception refused) when (refused is EngineRefusal or InvalidDataException)
        {
            problems.Add($"{consequence}. {refused.Message}");
            return null;
        }
    }

    private Task<T> AskAsync<T>(
        string kind,
        Func<CancellationToken, Task<T>> question,
        CancellationToken cancellationToken,
        TimeSpan? deadline = null
    ) => calls.AskAsync(kind, deadline ?? options.Value.Deadline, question, cancellationToken);
}
