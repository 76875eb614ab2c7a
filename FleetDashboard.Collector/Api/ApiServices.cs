using System.IO.Compression;
using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.ResponseCompression;

namespace FleetDashboard.Collector.Api;

internal static class ApiServices
{
    public static void AddApi(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ActingFilter>();
        StreamLimiter.Add(builder);
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = context => Explain(context.ProblemDetails));
        builder.Services.AddOpenApi(options =>
            options.AddDocumentTransformer(
                (document, _, _) =>
                {
                    document.Info.Title = "Fleet Dashboard Collector";
                    document.Info.Version = "v1";
                    document.Info.Description =
                        $"Every request carries `Authorization: Bearer` with a JWT (HS256, at most {CollectorToken.MaxLifetimeSeconds} s) "
                        + "signed with the shared secret: "
                        + $"iss `{CollectorToken.Issuer}`, aud `{CollectorToken.Audience}`, sub, name, "
                        + $"role `{Roles.Viewer}` or `{Roles.Operator}`, jti. "
                        + $"A token that acts also states {CollectorToken.ScopeClaim} `{CollectorToken.ActScope}`, "
                        + $"{CollectorToken.MethodClaim} (the method), {CollectorToken.PathClaim} (the path) "
                        + $"and a second aud `{CollectorToken.Audience}:HOST:PORT` (the address at which Web reaches this Collector), "
                        + "and is accepted once.";
                    return Task.CompletedTask;
                }
            )
        );

        // Only for clients that send Accept-Encoding. Web on the same host does not. Gzip cuts a snapshot to about a quarter. Metrics
        // compress themselves.
        builder.Services.AddResponseCompression(options =>
        {
            options.MimeTypes = ["application/json", "text/event-stream"];
            options.Providers.Add<GzipCompressionProvider>();
        });
        builder.Services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractsJson.Default));
    }

    /// <summary>Gives every error a sentence that says what to do, also where the framework only sets a status code.</summary>
    private static void Explain(ProblemDetails problem) =>
        problem.Detail ??= problem.Status switch
        {
            StatusCodes.Status401Unauthorized =>
                "Send a valid token as 'Authorization: Bearer': signed with the shared secret, and not older than a minute.",
            StatusCodes.Status403Forbidden => "The token's role does not allow this.",
            StatusCodes.Status404NotFound => $"There is no such route. {CollectorRoutes.OpenApi} lists the routes.",
            StatusCodes.Status405MethodNotAllowed => $"This route does not have this method. {CollectorRoutes.OpenApi} lists the methods.",
            StatusCodes.Status500InternalServerError => "The Collector could not process this request. Its log has the details.",
            _ => null,
        };
}
