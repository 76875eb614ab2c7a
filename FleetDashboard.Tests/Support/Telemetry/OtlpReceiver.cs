using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FleetDashboard.Tests.Support.Telemetry;

/// <summary>A received span.</summary>
internal sealed record ReceivedSpan(string Service, string Name, string Trace, string Id, string Parent);

/// <summary>Receives OTLP over HTTP like a telemetry collector, and keeps what tests need.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = new();

    /// <summary>Names of metrics by service.</summary>
    public ConcurrentDictionary<(string Service, string Metric), bool> Metrics { get; } = new();

    /// <summary>Services that have sent log entries.</summary>
    public ConcurrentDictionary<string, bool> Logs { get; } = new();

    public static async Task<OtlpReceiver> StartAsync(CancellationToken cancellationToken)
    {
        var app = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error"]).Build();
        var receiver = new OtlpReceiver(app);
        app.MapPost("/v1/{signal}", receiver.TakeAsync);
        await app.StartAsync(cancellationToken);
        return receiver;
    }

    /// <summary>OpenTelemetry's own variables, as an operator would set them, with short intervals.</summary>
    public IEnumerable<KeyValuePair<string, string>> VariablesOf(string service) =>
        new Dictionary<string, string>
        {
            ["OTEL_SERVICE_NAME"] = service,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _app.Urls.First(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
        };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // Export…ServiceRequest { 1: Resource…s { 1: Resource, 2: Scope…s { 2: the items } } }, the same for all three signals.
    private async Task TakeAsync(string signal, HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        foreach (var group in ProtoMessage.Parse(body.ToArray()).All(1))
        {
            var service =
                group
                    .All(1)
                    .SelectMany(resource => resource.All(1))
                    .FirstOrDefault(pair => pair.Text(1) == "service.name")
                    ?.All(2)
                    .First()
                    .Text(1)
                ?? "";
            foreach (var thing in group.All(2).SelectMany(scope => scope.All(2)))
            {
                Receive(signal, service, thing);
            }
        }

        context.Response.ContentType = "application/x-protobuf";
    }

    private void Receive(string signal, string service, ProtoMessage thing)
    {
        if (signal == "traces")
        {
            Spans.Enqueue(new ReceivedSpan(service, thing.Text(5), thing.Hex(1), thing.Hex(2), thing.Hex(4)));
        }
        else if (signal == "metrics")
        {
            Metrics[(service, thing.Text(1))] = true;
        }
        else
        {
            Logs[service] = true;
        }
    }
}
