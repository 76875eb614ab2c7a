using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// Defaults of every process of the dashboard: telemetry, health endpoints, service discovery and resilient HTTP clients.
/// </summary>
public static class Extensions
{
    private const string HealthPath = "/health";
    private const string AlivePath = "/alive";
    private const string MetricsPath = "/metrics";
    private const string LiveTag = "live";

    /// <summary>The runtime's name for the activity of an outgoing request.</summary>
    private const string ClientActivity = "System.Net.Http.HttpRequestOut";

    /// <summary>OpenTelemetry's standard variables, for all signals or for one.</summary>
    private static readonly string[] OtlpEndpoints =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    ];

    /// <summary>Adds OpenTelemetry, health checks, service discovery and resilience to <paramref name="builder"/>.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddTelemetry();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());
        builder.Services.AddSingleton(TimeProvider.System);
        return builder;
    }

    /// <summary>
    /// Maps <c>/health</c> (ready: every check) and <c>/alive</c> (the process responds), in every environment, because container health
    /// checks call them. Both return only a status and need no sign-in.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks(HealthPath).AllowAnonymous();
        app.MapHealthChecks(AlivePath, new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) }).AllowAnonymous();
        return app;
    }

    // Metrics can also be scraped. Traces and logs leave only over OTLP, so they are not created without an OTLP endpoint.
    private static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        var telemetry = builder
            .Services.AddOpenTelemetry()
            .WithMetrics(metrics =>
                metrics
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddMeter(FleetDashboard.ServiceDefaults.LoopSupervisor.MeterName)
            );

        if (!OtlpEndpoints.Any(name => !string.IsNullOrWhiteSpace(builder.Configuration[name])))
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_SERVICE_NAME"]))
        {
            telemetry.ConfigureResource(resource => resource.AddService(builder.Environment.ApplicationName));
        }

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        telemetry
            .WithTracing(tracing =>
                tracing
                    .AddSource("FleetDashboard.*")
                    // A click in a page starts a trace of its own instead of continuing the trace of the circuit.
                    .AddSource("Microsoft.AspNetCore.Components")
                    .AddAspNetCoreInstrumentation(options => options.Filter = IsWorthATrace)
                    .AddHttpClientInstrumentation(options => options.FilterHttpRequestMessage = _ => HasCause())
            )
            .UseOtlpExporter();
    }

    // Stats are requested every few seconds, and streams stay open for days. Requests that no user request caused are left to metrics.
    private static bool HasCause() =>
        Activity.Current is { } current && (current.Parent is not null || current.OperationName != ClientActivity);

    private static bool IsWorthATrace(HttpContext context) =>
        !context.Request.Path.StartsWithSegments(HealthPath)
        && !context.Request.Path.StartsWithSegments(AlivePath)
        && !context.Request.Path.StartsWithSegments(MetricsPath);
}
