using Docker.DotNet;
using Docker.DotNet.Handler.Abstractions;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Engine;

/// <summary>The engine as the last negotiation found it.</summary>
/// <param name="ApiVersion">The API version of all requests.</param>
/// <param name="NewestApiVersion">The newest API version that the engine speaks; it may be newer than the one in use.</param>
/// <param name="Platform">What the engine runs on, e.g. <c>linux/amd64</c>; empty where it does not say.</param>
/// <param name="MachineName">The host name of its machine; empty where it does not say.</param>
internal sealed record EngineIdentity(Version ApiVersion, Version NewestApiVersion, string Platform, string MachineName);

/// <summary>
/// The one channel to the engine: one pool of connections, one API version and one kind of error for every call. Typed calls use
/// <see cref="Docker"/>; calls whose JSON must stay verbatim, be limited entry by entry, or be fast use <see cref="Http"/>.
/// </summary>
internal sealed class EngineChannel : IDisposable
{
    private readonly EngineHandler _handler;
    private EngineIdentity _identity = new(EngineApi.Oldest, EngineApi.Oldest, "", "");

    public EngineChannel(IOptions<EngineOptions> options)
    {
        var endpoint = options.Value.Endpoint;
        _handler = new EngineHandler(endpoint, EngineHttp.CreateHandler(endpoint));
        Http = new HttpClient(_handler, disposeHandler: false)
        {
            BaseAddress = EngineHttp.AddressOf(endpoint),
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = EngineLimits.ListBytes,
        };
        Docker = new DockerClientBuilder()
            .WithEndpoint(endpoint)
            .WithTimeout(Timeout.InfiniteTimeSpan)
            .WithTransportOptions(new SharedTransport(), new LimitedBodyHandler(EngineLimits.InspectBytes, _handler))
            .Build();
    }

    /// <summary>For raw calls. Paths have no version: the handler adds it.</summary>
    public HttpClient Http { get; }

    /// <summary>For calls whose answers fit the models of the client library.</summary>
    public IDockerClient Docker { get; }

    /// <summary>The engine as the last negotiation found it.</summary>
    public EngineIdentity Identity => Volatile.Read(ref _identity);

    /// <summary>Ends a negotiation: requests that waited for it go on.</summary>
    public void Settle(EngineIdentity identity)
    {
        Volatile.Write(ref _identity, identity);
        _handler.Settle(identity.ApiVersion);
    }

    public void Dispose()
    {
        Docker.Dispose();
        Http.Dispose();
        _handler.Dispose();
    }

    /// <summary>Gives the client library our handler instead of one of its own.</summary>
    private sealed class SharedTransport : IDockerHandlerFactory<HttpMessageHandler>
    {
        public ResolvedTransport CreateHandler(HttpMessageHandler transportOptions, ResolvedClientOptions clientOptions, ILogger logger) =>
            new(transportOptions, EngineHttp.AddressOf(clientOptions.Endpoint));

        public ResolvedTransport CreateHandler(ResolvedClientOptions clientOptions, ILogger logger) =>
            throw new NotSupportedException("The channel always passes its own handler.");

        public Task<WriteClosableStream> HijackStreamAsync(HttpContent content) =>
            throw new NotSupportedException("No call of the Collector takes over a connection.");
    }
}
