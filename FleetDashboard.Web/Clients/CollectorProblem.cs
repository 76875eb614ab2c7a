using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Mvc;

namespace FleetDashboard.Web.Clients;

/// <summary>What a Collector says is wrong.</summary>
internal static class CollectorProblem
{
    // A Collector says in problem+json what is wrong, and means it for people. What answers otherwise is no Collector.
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
