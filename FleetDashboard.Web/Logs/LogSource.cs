using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Logs;

/// <summary>Opens a container's or an app's log at the Collector, in the viewer's name.</summary>
internal sealed partial class LogSource(IHttpClientFactory clients, IOptions<CollectorsOptions> options, CollectorTokens tokens, ILogger<LogSource> logger)
{
    public const string HttpClientName = "collector-logs";

    // What a viewer may ask; whether it makes sense is the Collector's to say.
    private static readonly string[] Asked = ["tail", "since", "until", "follow", "stream"];

    // Until the first byte. An engine that has to look for the end of a long file takes its time.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The Collector's route for a container, or null where no container can have this id.</summary>
    public static string? OfContainer(string id) => Id().IsMatch(id) ? CollectorRoutes.ContainerLogs.Replace("{id}", id, StringComparison.Ordinal) : null;

    /// <summary>The Collector's route for an app, or null for the two names that no path can carry.</summary>
    // The server leaves a slash in a name encoded: see Links.
    public static string? OfApp(string app) => app is "." or ".."
        ? null
        : CollectorRoutes.AppLogs.Replace("{app}", Uri.EscapeDataString(app.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)), StringComparison.Ordinal);

    /// <summary>The Collector's answer with its body still to be read, or why there is none. The caller ends it by disposing it.</summary>
    public async Task<LogAnswer> OpenAsync(string path, IQueryCollection query, Caller caller, CancellationToken cancellationToken)
    {
        var collector = options.Value.Hosts[0].Url!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(collector, QueryHelpers.AddQueryString(path, From(query))));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Mint(caller.Subject, caller.Name, caller.Role));
            request.Headers.Accept.ParseAdd("text/event-stream");
            using var client = clients.CreateClient(HttpClientName);
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (response.IsSuccessStatusCode)
            {
                return new LogAnswer.Open(response);
            }
            using (response)
            {
                return new LogAnswer.Refused(StatusOf(response), await CollectorProblem.SentenceAsync(response, patience.Token));
            }
        }
        catch (Exception ex) when (!cancellationToken.IsCancellationRequested && ex is HttpRequestException or OperationCanceledException or IOException)
        {
            LogFailed(ex, collector);
            return new LogAnswer.Refused(StatusCodes.Status502BadGateway, ex is OperationCanceledException ? FeedErrors.Late : FeedErrors.Of(ex));
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> From(IQueryCollection query) =>
        Asked.Where(query.ContainsKey).Select(name => KeyValuePair.Create(name, (string?)query[name].ToString()));

    // That the Collector does not accept this page's token is no fault of the viewer's, whom a 401 would send to sign in.
    private static int StatusOf(HttpResponseMessage response) =>
        (int)response.StatusCode is var status and (400 or 404 or 409 or 429 or 503) ? status : StatusCodes.Status502BadGateway;

    [GeneratedRegex("^[0-9a-f]{12,64}$")]
    private static partial Regex Id();

    [LoggerMessage(LogLevel.Debug, "Asking the Collector at {Collector} for a log failed")]
    private partial void LogFailed(Exception exception, Uri collector);
}

/// <summary>What became of asking for a log.</summary>
internal abstract record LogAnswer
{
    private LogAnswer()
    {
    }

    /// <summary>The Collector sends.</summary>
    public sealed record Open(HttpResponseMessage Response) : LogAnswer;

    /// <summary>It does not, and why as a sentence.</summary>
    public sealed record Refused(int Status, string Reason) : LogAnswer;
}
