using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;
using Microsoft.AspNetCore.WebUtilities;

namespace FleetDashboard.Web.Logs;

/// <summary>Opens a container's or an app's log at the Collector, in the viewer's name.</summary>
internal sealed partial class CollectorLogClient(
    IHttpClientFactory clients,
    FleetHosts hosts,
    CollectorTokens tokens,
    ILogger<CollectorLogClient> logger
)
{
    public const string HttpClientName = "collector-logs";

    // What a viewer may ask; whether it makes sense is the Collector's to say.
    private static readonly string[] Asked = ["tail", "since", "until", "follow", "stream"];

    // Until the first byte. An engine that has to look for the end of a long file takes its time.
    private static readonly TimeSpan OverduePolicy = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Where the log of a container is had, or null where no container can have this id, or none of several hosts has one.
    /// </summary>
    public Uri? OfContainer(string id) =>
        Id().IsMatch(id) && HostOf(hosts.Current, id) is { } host
            ? new Uri(host.Collector, CollectorRoutes.ContainerLogs.Replace("{id}", id, StringComparison.Ordinal))
            : null;

    /// <summary>
    /// Where the logs of an app are had, or null for a host that is none of the fleet's and the two names that no path can carry.
    /// </summary>
    /// <param name="app">The app's name. The server leaves a slash in it encoded: see <see cref="FleetView.Find"/>.</param>
    /// <param name="host">The host's name; null for the one host, or the first that has such an app.</param>
    public Uri? OfApp(string app, string? host)
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

    /// <summary>What a container is called, for its file; its id where that is not known.</summary>
    public string NameOf(string id) => hosts.Current.FindContainer(id).Container?.Name ?? id;

    // One host says itself that it has no such container; of several nobody can.
    private static HostView? HostOf(FleetView view, string id) =>
        view.IsSeveral ? view.FindContainer(id).App?.Host : view.Hosts.FirstOrDefault();

    /// <summary>The Collector's answer with its body still to be read, or why there is none. The caller ends it by disposing it.</summary>
    public async Task<LogResponse> OpenAsync(
        Uri address,
        IQueryCollection query,
        SignedInCaller caller,
        CancellationToken cancellationToken
    )
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(OverduePolicy);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, QueryHelpers.AddQueryString(address.AbsoluteUri, From(query)));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.For(caller));
            request.Headers.Accept.ParseAdd("text/event-stream");
            using var client = clients.CreateClient(HttpClientName);
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (response.IsSuccessStatusCode)
            {
                return new LogResponse.Open(response);
            }
            using (response)
            {
                return new LogResponse.Refused(StatusOf(response), await CollectorProblem.SentenceAsync(response, patience.Token));
            }
        }
        catch (Exception ex)
            when (!cancellationToken.IsCancellationRequested && ex is HttpRequestException or OperationCanceledException or IOException)
        {
            LogFailed(ex, address);
            return new LogResponse.Refused(
                StatusCodes.Status502BadGateway,
                ex is OperationCanceledException ? FeedErrors.Late : FeedErrors.Describe(ex)
            );
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> From(IQueryCollection query) =>
        Asked.Where(query.ContainsKey).Select(name => KeyValuePair.Create(name, (string?)query[name].ToString()));

    // That the Collector does not accept this page's token is no fault of the viewer's, whom a 401 would send to sign in.
    private static int StatusOf(HttpResponseMessage response) =>
        (int)response.StatusCode is var status and (400 or 404 or 409 or 429 or 503) ? status : StatusCodes.Status502BadGateway;

    [GeneratedRegex("^[0-9a-f]{12,64}$")]
    private static partial Regex Id();

    [LoggerMessage(LogLevel.Debug, "Asking for the log at {Address} failed")]
    private partial void LogFailed(Exception exception, Uri address);
}

/// <summary>What became of asking for a log.</summary>
internal abstract record LogResponse
{
    private LogResponse() { }

    /// <summary>The Collector sends.</summary>
    public sealed record Open(HttpResponseMessage Response) : LogResponse;

    /// <summary>It does not, and why as a sentence.</summary>
    public sealed record Refused(int Status, string Reason) : LogResponse;
}
