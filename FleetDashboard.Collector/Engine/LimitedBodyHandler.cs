namespace FleetDashboard.Collector.Engine;

/// <summary>Limits the answers that the client library reads. It would read any number of bytes.</summary>
internal sealed class LimitedBodyHandler(long limit, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.PathAndQuery;
        var response = await base.SendAsync(request, cancellationToken);
        var whole = response.Content;
        var limited = new StreamContent(new LimitedStream(await whole.ReadAsStreamAsync(cancellationToken), limit, path));
        foreach (var (name, values) in whole.Headers)
        {
            limited.Headers.TryAddWithoutValidation(name, values);
        }

        response.Content = limited;
        return response;
    }
}
