using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Mvc;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// Asks a Collector to act, in the name of the signed-in user and with a new token for each request. Returns what happened as a value. The
/// Collector alone decides what is allowed.
/// </summary>
internal sealed partial class ActionsClient(IHttpClientFactory clients, CollectorTokens tokens, JobFeed jobs, ILogger<ActionsClient> logger)
{
    public const string HttpClientName = "collector-actions";

    /// <summary>The Collector answers once the intent is on its disk, which may be slow. It does not wait for the action itself.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    public async Task<ActionResponse> StartAsync(ActionRequest request, SignedInCaller caller, CancellationToken cancellationToken) =>
        await PostAsync(request.Collector, request.Path, request.Key, caller, cancellationToken);

    public Task<ActionResponse> CancelAsync(FleetJob job, SignedInCaller caller, CancellationToken cancellationToken) =>
        PostAsync(job.Collector, CollectorRoutes.Fill(CollectorRoutes.JobCancel, job.Job.Id), null, caller, cancellationToken);

    private async Task<ActionResponse> PostAsync(
        Uri collector,
        string path,
        string? key,
        SignedInCaller caller,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var client = clients.CreateClient(HttpClientName);
            using var response = await AskAsync(client, new Uri(collector, path), key, caller, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                return await RefusalAsync(response, cancellationToken);
            }
            if (await response.Content.ReadFromJsonAsync(ContractsJson.Default.Job, cancellationToken) is not { } sent)
            {
                return new ActionResponse.Lost(FeedErrors.Garbled);
            }
            var job = Received.Clean(sent);
            jobs.Update(new FleetJob(collector, job));
            return new ActionResponse.Taken(job);
        }
        catch (Exception ex)
            when (ex is HttpRequestException or JsonException
                || (ex is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            LogFailed(ex, collector);
            return new ActionResponse.Lost(ex is OperationCanceledException ? FeedErrors.Late : FeedErrors.Describe(ex));
        }
    }

    private async Task<HttpResponseMessage> AskAsync(
        HttpClient client,
        Uri address,
        string? key,
        SignedInCaller caller,
        CancellationToken cancellationToken
    )
    {
        var response = await SendAsync(client, address, key, caller, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response;
        }
        // A Collector that has just started rejects every token older than itself. Nothing was done, so a new token is tried once.
        response.Dispose();
        return await SendAsync(client, address, key, caller, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpClient client,
        Uri address,
        string? key,
        SignedInCaller caller,
        CancellationToken cancellationToken
    )
    {
        // The empty content matters: SocketsHttpHandler resends a request without content when a connection breaks.
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent([]) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.ToAct(caller, HttpMethod.Post, address));
        if (key is not null)
        {
            request.Headers.Add(CollectorRoutes.IdempotencyHeader, key);
        }
        return await client.SendAsync(request, cancellationToken);
    }

    private static async Task<ActionResponse> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var problem =
            response.Content.Headers.ContentType?.MediaType == "application/problem+json"
                ? await response.Content.ReadFromJsonAsync(ProblemJson.Default.ProblemDetails, cancellationToken)
                : null;
        var sentence = SafeText.Clean(problem?.Detail) is { Length: > 0 } detail ? detail : FeedErrors.OfStatus(response.StatusCode);
        return response.StatusCode switch
        {
            HttpStatusCode.Conflict => new ActionResponse.Busy(sentence, Word(problem, "job")),
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => new ActionResponse.Later(
                sentence,
                response.Headers.RetryAfter?.Delta
            ),
            >= HttpStatusCode.InternalServerError => new ActionResponse.Lost(sentence),
            _ => new ActionResponse.Refused(sentence),
        };
    }

    private static string? Word(ProblemDetails? problem, string name) =>
        problem?.Extensions.TryGetValue(name, out var value) == true && value is JsonElement { ValueKind: JsonValueKind.String } text
            ? text.GetString()
            : null;

    [LoggerMessage(LogLevel.Warning, "A request to act got no answer from the Collector at {Collector}")]
    private partial void LogFailed(Exception exception, Uri collector);
}
