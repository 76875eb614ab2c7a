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

/// <summary>What every process of the dashboard has: telemetry, health endpoints, resilient clients that find each other.</summary>
public static class Extensions
{
    private const string HealthPath = "/health";
    private const string AlivePath = "/alive";
    private const string MetricsPath = "/metrics";
    private const string LiveTag = "live";

    /// <summary>The runtime's name of a request that goes out.</summary>
    private const string ClientActivity = "System.Net.Http.HttpRequestOut";

    /// <summary>OpenTelemetry's own variables, of all signals or of one.</summary>
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
    /// Maps <c>/health</c> (ready: every check) and <c>/alive</c> (the process answers). In every environment, since containers
    /// are asked there; both tell a word and nothing else, and need no sign-in.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks(HealthPath).AllowAnonymous();
        app.MapHealthChecks(AlivePath, new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) }).AllowAnonymous();
        return app;
    }

    // Metrics may be scraped; traces and logs go nowhere but by OTLP, so without it they are not even made.
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
                    // What is clicked in a page: a trace begins there, not at the circuit's beginning.
                    .AddSource("Microsoft.AspNetCore.Components")
                    .AddAspNetCoreInstrumentation(options => options.Filter = IsWorthATrace)
                    .AddHttpClientInstrumentation(options => options.FilterHttpRequestMessage = _ => HasCause())
            )
            .UseOtlpExporter();
    }

    // Figures are asked for each few seconds and streams stay open for days: what nobody's request has caused is for the metrics.
    private static bool HasCause() =>
        Activity.Current is { } current && (current.Parent is not null || current.OperationName != ClientActivity);

    private static bool IsWorthATrace(HttpContext context) =>
        !context.Request.Path.StartsWithSegments(HealthPath)
        && !context.Request.Path.StartsWithSegments(AlivePath)
        && !context.Request.Path.StartsWithSegments(MetricsPath);
}
