using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Mvc;

namespace FleetDashboard.Web.Clients;

/// <summary>The error message of a Collector.</summary>
internal static class CollectorProblem
{
    // A Collector describes errors in problem+json, for people. Any other format does not come from a Collector.
    public static async Task<string> SentenceAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (
            response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            && response.Content.Headers.ContentType?.MediaType == "application/problem+json"
            && await response.Content.ReadFromJsonAsync(ProblemJson.Default.ProblemDetails, cancellationToken) is { } problem
            && (problem.Detail ?? problem.Title) is { Length: > 0 } sentence
        )
        {
            return SafeText.Clean(sentence)!;
        }
        return FeedErrors.OfStatus(response.StatusCode);
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class ProblemJson : JsonSerializerContext;
