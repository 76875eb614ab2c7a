using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FleetDashboard.ServiceDefaults;

/// <summary>
/// Limits what the server buffers of a request before any code checks it. Without these limits, sixteen half-sent forms of 30 MB ended a
/// process with 384 MB of memory, without any sign-in.
/// </summary>
public sealed class RequestLimits
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Limits";

    /// <summary>The most connections at the same time. Further connections are closed at once.</summary>
    public int Connections { get; set; } = 1000;

    /// <summary>The most WebSockets among them.</summary>
    public int WebSockets { get; set; } = 500;
}

/// <summary>Applies <see cref="RequestLimits"/> to the server.</summary>
public static class RequestLimitsExtensions
{
    private const int BufferBytes = 64 * 1024;
    private const int HeaderBytes = 32 * 1024;
    private const int Headers = 64;
    private const int MaxConnections = 100_000;

    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(1);
    private static readonly MinDataRate BodyRate = new(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));

    /// <summary>Limits bodies, headers, buffers and connections.</summary>
    /// <param name="builder">The application builder.</param>
    /// <param name="maxBodyBytes">The largest body that any route accepts.</param>
    public static void AddRequestLimits(this IHostApplicationBuilder builder, int maxBodyBytes)
    {
        builder
            .Services.AddOptions<RequestLimits>()
            .Bind(builder.Configuration.GetSection(RequestLimits.SectionName))
            .Validate(
                limits => limits.Connections is >= 1 and <= MaxConnections && limits.WebSockets is >= 1 and <= MaxConnections,
                $"Limits:Connections and Limits:WebSockets must be between 1 and {MaxConnections}."
            )
            .ValidateOnStart();
        builder
            .Services.AddOptions<KestrelServerOptions>()
            .Configure<IOptions<RequestLimits>>((server, limits) => Bound(server, limits.Value, maxBodyBytes));
        builder.Services.Configure<FormOptions>(forms =>
        {
            forms.BufferBody = false;
            forms.MemoryBufferThreshold = maxBodyBytes;
            forms.MultipartBodyLengthLimit = maxBodyBytes;
            forms.ValueLengthLimit = maxBodyBytes / 2;
            forms.KeyLengthLimit = 256;
            forms.ValueCountLimit = 64;
        });
    }

    /// <summary>
    /// Responds with 413 to a request whose Content-Length is too large, before its body is read. A body without a Content-Length is cut
    /// off by the server at the same limit.
    /// </summary>
    public static void UseRequestLimits(this IApplicationBuilder app)
    {
        var max = app.ApplicationServices.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MaxRequestBodySize;
        app.Use(
            (context, next) =>
            {
                if (context.Request.ContentLength > max)
                {
                    context.Response.Headers.Connection = "close";
                    return TypedResults
                        .Problem(
                            $"The body has {context.Request.ContentLength} bytes and was not read. Send at most {max}.",
                            statusCode: StatusCodes.Status413PayloadTooLarge
                        )
                        .ExecuteAsync(context);
                }

                return next(context);
            }
        );
    }

    private static void Bound(KestrelServerOptions server, RequestLimits limits, int maxBodyBytes)
    {
        server.AddServerHeader = false;
        server.Limits.MaxRequestBodySize = maxBodyBytes;
        server.Limits.MaxRequestBufferSize = BufferBytes;
        server.Limits.MaxRequestHeadersTotalSize = HeaderBytes;
        server.Limits.MaxRequestHeaderCount = Headers;
        server.Limits.MaxConcurrentConnections = limits.Connections;
        server.Limits.MaxConcurrentUpgradedConnections = limits.WebSockets;
        server.Limits.RequestHeadersTimeout = HeadersTimeout;
        server.Limits.KeepAliveTimeout = IdleTimeout;
        server.Limits.MinRequestBodyDataRate = BodyRate;
    }
}
