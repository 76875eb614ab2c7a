using System.Net.Http.Headers;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// Every request to the engine passes here, those of the client library too. It adds the negotiated API version to the path, and turns each
/// failure into an <see cref="EngineException"/>. A request that comes before the negotiation waits for it.
/// </summary>
internal sealed class EngineHandler(Uri endpoint, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    // These two have no version: they are how it is negotiated.
    private static readonly string[] Unversioned = ["/version", "/_ping"];

    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Version? _version;

    /// <summary>Sets the API version of all requests from now on.</summary>
    public void Settle(Version version)
    {
        Volatile.Write(ref _version, version);
        _settled.TrySetResult();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!;
        if (!Unversioned.Contains(address.AbsolutePath))
        {
            await _settled.Task.WaitAsync(cancellationToken);
            request.RequestUri = new Uri(address, $"/v{Volatile.Read(ref _version)}{address.PathAndQuery}");
        }

        if (request.Method != HttpMethod.Get)
        {
            // The inner handler repeats a request without content when a kept connection breaks. A restart would then happen twice.
            request.Content ??= new StringContent("", new MediaTypeHeaderValue("application/json"));
        }

        var response = await AnswerAsync(request, cancellationToken);
        if ((int)response.StatusCode < 400)
        {
            return response;
        }

        using (response)
        {
            throw await EngineReader.RefusalAsync(response, address.PathAndQuery, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException && !cancellationToken.IsCancellationRequested)
        {
            throw EngineFault.Unreachable(fault, endpoint);
        }
    }
}
