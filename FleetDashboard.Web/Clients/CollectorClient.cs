using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FleetDashboard.Contracts;
using Polly;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// Sends single requests to a Collector, each with the caller's own token and a deadline. Expected failures are values, not exceptions.
/// </summary>
internal sealed partial class CollectorClient(IHttpClientFactory clients, CollectorTokens tokens, ILogger<CollectorClient> logger)
{
    public const string HttpClientName = "collector";

    /// <summary>One app with its last hour.</summary>
    public Task<CollectorAnswer<AppDetail>> AppAsync(
        Uri collector,
        string app,
        SignedInCaller caller,
        CancellationToken cancellationToken = default
    ) =>
        GetAsync(
            collector,
            CollectorRoutes.Fill(CollectorRoutes.App, app),
            ContractsJson.Default.AppDetail,
            Received.Clean,
            caller,
            cancellationToken
        );

    /// <summary>One page of the audit trail, newest first.</summary>
    public Task<CollectorAnswer<AuditPage>> TrailAsync(
        Uri collector,
        TrailQuery query,
        SignedInCaller caller,
        CancellationToken cancellationToken = default
    ) =>
        GetAsync(
            collector,
            CollectorRoutes.Audit + query.ToQueryString(),
            ContractsJson.Default.AuditPage,
            Received.Clean,
            caller,
            cancellationToken
        );

    private async Task<CollectorAnswer<T>> GetAsync<T>(
        Uri collector,
        string path,
        JsonTypeInfo<T> type,
        Func<T, T> clean,
        SignedInCaller caller,
        CancellationToken cancellationToken
    )
        where T : class
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(collector, path));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.For(caller));
            using var client = clients.CreateClient(HttpClientName);
            using var response = await client.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                return CollectorAnswer<T>.Failed(await CollectorProblem.SentenceAsync(response, cancellationToken));
            }
            return await response.Content.ReadFromJsonAsync(type, cancellationToken) is { } value
                ? new CollectorAnswer<T>(clean(value), null)
                : CollectorAnswer<T>.Failed(FeedErrors.Garbled);
        }
        catch (Exception ex)
            when (ex is HttpRequestException or JsonException or ExecutionRejectedException
                || (ex is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            LogFailed(ex, collector);
            return CollectorAnswer<T>.Failed(
                ex is OperationCanceledException or ExecutionRejectedException ? FeedErrors.Late : FeedErrors.Describe(ex)
            );
        }
    }

    [LoggerMessage(LogLevel.Debug, "A request to the Collector at {Collector} failed")]
    private partial void LogFailed(Exception exception, Uri collector);
}

/// <summary>A Collector's answer: a value, or the reason why it is missing as a sentence.</summary>
internal sealed record CollectorAnswer<T>(T? Value, string? Error)
    where T : class
{
    public static CollectorAnswer<T> Failed(string error) => new(null, error);
}
