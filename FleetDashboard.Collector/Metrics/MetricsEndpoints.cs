using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Logs;
using FleetDashboard.Collector.Metrics.Cadvisor;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace FleetDashboard.Collector.Metrics;

/// <summary>The scrape endpoints. A scrape reads memory and never reaches the engine.</summary>
internal static class MetricsEndpoints
{
    public static void AddCollectorMetrics(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<MetricsOptions>().Bind(builder.Configuration.GetSection(MetricsOptions.SectionName)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<MetricsOptions>, MetricsOptionsValidator>();
        builder.Services.AddSingleton<FleetMetrics>();
        builder.Services.AddSingleton<CadvisorScrape>();
        builder
            .Services.AddOpenTelemetry()
            .WithMetrics(metrics =>
                metrics
                    .AddMeter(
                        EngineCalls.MeterName,
                        EngineLogs.MeterName,
                        FleetMetrics.MeterName,
                        FleetMetrics.NamedMeterName,
                        ActionMetrics.MeterName,
                        LogStreams.MeterName
                    )
                    .AddPrometheusExporter()
            );
        builder.Services.ConfigureOpenTelemetryMeterProvider(
            (services, metrics) =>
            {
                var own = services.GetRequiredService<IMeterFactory>();
                metrics.AddView(instrument =>
                    IsMisnamed(instrument) ? MetricStreamConfiguration.Drop : ViewOf(instrument.Meter.Scope, own)
                );
            }
        );
    }

    public static void MapMetrics(this WebApplication app)
    {
        app.Services.GetRequiredService<FleetMetrics>(); // Creates the gauges, so that the first scrape has them.
        var token = app.Services.GetRequiredService<IOptions<MetricsOptions>>().Value.Token;
        var hosts = app.Configuration[OpenHosts.Setting];
        var viewers = app.Services.GetRequiredService<ViewerPresence>();
        app.MapPrometheusScrapingEndpoint(CollectorRoutes.Metrics)
            .AllowAnonymous()
            .AddEndpointFilter(new TokenFilter(token, hosts, viewers));
        app.MapCadvisor().AllowAnonymous().AddEndpointFilter(new TokenFilter(token, hosts, viewers)).ExcludeFromDescription();
    }

    // Prometheus reserves _count for histograms, and promtool rejects the runtime's three gauges that end with it.
    private static bool IsMisnamed(Instrument instrument) =>
        instrument.Name is "dotnet.assembly.count" or "dotnet.process.cpu.count" or "dotnet.timer.count";

    // The SDK uses names alone, and would add up two Collectors in one process.
    private static MetricStreamConfiguration? ViewOf(object? scope, IMeterFactory own) =>
        scope switch
        {
            FleetMetrics fleet when fleet.Meters == own => new MetricStreamConfiguration { CardinalityLimit = fleet.SeriesLimit },
            IMeterFactory factory when factory == own => Few(),
            null => Few(),
            _ => MetricStreamConfiguration.Drop,
        };

    // Routes, status codes, heap generations: a few hundred at most. The SDK would reserve 2,000 label sets for each instrument.
    private static MetricStreamConfiguration Few() => new() { CardinalityLimit = 500 };

    private sealed class TokenFilter(string? token, string? allowedHosts, ViewerPresence viewers) : IEndpointFilter
    {
        private readonly string[] _allowedHosts = OpenHosts.Read(allowedHosts);
        private readonly byte[]? _expected = string.IsNullOrEmpty(token) ? null : Encoding.UTF8.GetBytes("Bearer " + token);

        public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
        {
            if (
                _expected is not null
                && !CryptographicOperations.FixedTimeEquals(
                    Encoding.UTF8.GetBytes(context.HttpContext.Request.Headers.Authorization.ToString()),
                    _expected
                )
            )
            {
                return ValueTask.FromResult<object?>(
                    Results.Problem("Send the metrics token as 'Authorization: Bearer'.", statusCode: StatusCodes.Status401Unauthorized)
                );
            }

            if (_expected is null && !OpenHosts.Include(context.HttpContext.Request.Host, _allowedHosts))
            {
                return ValueTask.FromResult<object?>(
                    Results.Problem(
                        "Without a token, metrics are available only at an IP address, localhost and names without a dot. Set "
                            + $"Metrics:Token, or list '{context.HttpContext.Request.Host.Host}' in AllowedHosts.",
                        statusCode: StatusCodes.Status403Forbidden
                    )
                );
            }

            viewers.Touch(); // A scrape counts as a viewer: stats are read at the faster pace.
            return next(context);
        }
    }
}
