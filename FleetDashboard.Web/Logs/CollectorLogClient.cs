using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;
using Microsoft.AspNetCore.WebUtilities;

namespace FleetDashboard.Web.Logs;

/// <summary>Requests the log of a container or an app from its Collector, in the viewer's name.</summary>
internal sealed partial class CollectorLogClient(
    IHttpClientFactory clients,
    FleetHosts hosts,
    CollectorTokens tokens,
    ILogger<CollectorLogClient> logger
)
{
    public const string HttpClientName = "collector-logs";

    // Query parameters passed on. The Collector validates their values.
    private static readonly string[] PassedOn = ["tail", "since", "until", "follow", "stream"];

    // Limit until the response headers arrive. An engine needs time to find the end of a long log file.
    private static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(20);

    /// <summary>The address of a container's log. Null if the id is malformed, or if none of several hosts has the container.</summary>
    public Uri? AddressOfContainer(string id) =>
        Id().IsMatch(id) && HostOf(hosts.Current, id) is { } host
            ? new Uri(host.Collector, CollectorRoutes.ContainerLogs.Replace("{id}", id, StringComparison.Ordinal))
            : null;

    /// <summary>
    /// The address of an app's logs. Null for an unknown host, and for the app names "." and "..", which no URL path can carry.
    /// </summary>
    /// <param name="app">The app's name. ASP.NET Core leaves an encoded slash in it encoded: see <see cref="FleetView.Find"/>.</param>
    /// <param name="host">The host's name. Null for the only host, or the first host that has such an app.</param>
    public Uri? AddressOfApp(string app, string? host)
    {
        var view = hosts.Current;
        var where = host is not null ? view.Host(host) : view.Find(app)?.Host ?? view.Hosts.FirstOrDefault();
        return where is null || app is "." or ".."
            ? null
            : new Uri(
                where.Collector,
                CollectorRoutes.AppLogs.Replace(
                    "{app}",
                    Uri.EscapeDataString(app.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)),
                    StringComparison.Ordinal
                )
            );
    }

    /// <summary>The container's name, for the file name of a download. Its id if the name is not loaded.</summary>
    public string NameOf(string id) => hosts.Current.FindContainer(id).Container?.Name ?? id;

    // With one host, its Collector reports an unknown container. With several hosts, no Collector can be chosen for it.
    private static HostView? HostOf(FleetView view, string id) =>
        view.IsSeveral ? view.FindContainer(id).App?.Host : view.Hosts.FirstOrDefault();

    /// <summary>The Collector's response with its body not yet read, or why the request failed. The caller must dispose it.</summary>
    public async Task<LogResponse> OpenAsync(
        Uri address,
        IQueryCollection query,
        SignedInCaller caller,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(HeaderTimeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, QueryHelpers.AddQueryString(address.AbsoluteUri, From(query)));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.For(caller));
            request.Headers.Accept.ParseAdd("text/event-stream");
            using var client = clients.CreateClient(HttpClientName);
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (response.IsSuccessStatusCode)
            {
                return new LogResponse.Open(response);
            }
            using (response)
            {
                return new LogResponse.Failed(StatusOf(response), await CollectorProblem.SentenceAsync(response, limit.Token));
            }
        }
        catch (Exception ex)
            when (!cancellationToken.IsCancellationRequested && ex is HttpRequestException or OperationCanceledException or IOException)
        {
            LogFailed(ex, address);
            return new LogResponse.Failed(
                StatusCodes.Status502BadGateway,
                ex is OperationCanceledException ? FeedErrors.Late : FeedErrors.Describe(ex)
            );
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> From(IQueryCollection query) =>
        PassedOn.Where(query.ContainsKey).Select(name => KeyValuePair.Create(name, (string?)query[name].ToString()));

    // A Collector that rejects our token is not the viewer's fault. A 401 would send the viewer to the sign-in page.
    private static int StatusOf(HttpResponseMessage response) =>
        (int)response.StatusCode is var status and (400 or 404 or 409 or 429 or 503) ? status : StatusCodes.Status502BadGateway;

    [GeneratedRegex("^[0-9a-f]{12,64}$")]
    private static partial Regex Id();

    [LoggerMessage(LogLevel.Debug, "Requesting the log at {Address} failed")]
    private partial void LogFailed(Exception exception, Uri address);
}

/// <summary>The result of requesting a log.</summary>
internal abstract record LogResponse
{
    private LogResponse() { }

    /// <summary>The Collector is sending the log.</summary>
    public sealed record Open(HttpResponseMessage Response) : LogResponse;

    /// <summary>The Collector rejected the request, and why.</summary>
    public sealed record Failed(int Status, string Reason) : LogResponse;
}
