using System.Net;
using System.Net.Http.Headers;
using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// Records changes of accounts in the audit trails of the Collectors, before they are made. An attacker who controls Web could rewrite a
/// trail of Web's own, but not a Collector's.
/// </summary>
internal sealed partial class AccountTrail(
    IHttpClientFactory clients,
    CollectorTokens tokens,
    FleetHosts hosts,
    ILogger<AccountTrail> logger
)
{
    private const string Refused = "Nothing was changed, because no Collector could record it.";

    // The transaction on the accounts' database stays open while the record is written.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Records the change at every Collector that answers. Null where at least one has it on its disk, else the reason as a sentence.
    /// </summary>
    public async Task<string?> RecordAsync(SignedInCaller caller, string change, string user, CancellationToken cancellationToken)
    {
        var all = hosts.Current.Hosts.ToList();
        var live = all.Where(host => host.Connection == ConnectionState.Live).ToList();
        var troubles = await Task.WhenAll(
            (live.Count > 0 ? live : all).Select(host =>
                RecordAsync(host.Collector, caller, new AccountChange(change, user), cancellationToken)
            )
        );
        return troubles.Contains(null) ? null : $"{Refused} {troubles.FirstOrDefault() ?? "No Collector has answered yet."}";
    }

    private async Task<string?> RecordAsync(Uri collector, SignedInCaller caller, AccountChange change, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            using var client = clients.CreateClient(ActionsClient.HttpClientName);
            var response = await SendAsync(client, collector, caller, change, deadline.Token);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
            {
                // A Collector that has just started rejects tokens older than itself.
                response.Dispose();
                response = await SendAsync(client, collector, caller, change, deadline.Token);
            }
            using (response)
            {
                return response.IsSuccessStatusCode
                    ? null
                    : Said(collector, await CollectorProblem.SentenceAsync(response, deadline.Token));
            }
        }
        catch (Exception ex)
            when (ex is HttpRequestException or IOException
                || (ex is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            LogFailed(ex, collector);
            return Said(collector, ex is OperationCanceledException ? FeedErrors.Late : FeedErrors.Describe(ex));
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpClient client,
        Uri collector,
        SignedInCaller caller,
        AccountChange change,
        CancellationToken cancellationToken
    )
    {
        var target = new Uri(collector, CollectorRoutes.AuditAccounts);
        using var request = new HttpRequestMessage(HttpMethod.Post, target)
        {
            Content = JsonContent.Create(change, ContractsJson.Default.AccountChange),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.ToAct(caller, HttpMethod.Post, target));
        return await client.SendAsync(request, cancellationToken);
    }

    private static string Said(Uri collector, string sentence) => $"{collector.Authority}: {sentence}";

    [LoggerMessage(LogLevel.Warning, "A change of an account could not be recorded by the Collector at {Collector}")]
    private partial void LogFailed(Exception exception, Uri collector);
}
