using System.Collections.Concurrent;
using FleetDashboard.Collector.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Tests.Collector.Fuzz;

/// <summary>A server on a socket that answers each path with given bytes, and the product's own client for it.</summary>
internal sealed class FuzzEngine : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fleet-fuzz-");
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private FuzzEngine()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(Path.Combine(_folder.FullName, "e.sock")));
        _app = builder.Build();
        _app.Run(AnswerAsync);
        var options = Options.Create(new EngineOptions { Endpoint = new Uri($"unix://{_folder.FullName}/e.sock") });
        var calls = new EngineCalls(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), TimeProvider.System);
        Channel = new EngineChannel(options);
        Client = new EngineClient(options, Channel, calls, TimeProvider.System);
        Stats = new EngineStats(Channel, Client, calls, TimeProvider.System);
        Images = new EngineImages(options, Channel, calls, TimeProvider.System);
    }

    public EngineChannel Channel { get; }

    public EngineClient Client { get; }

    public EngineStats Stats { get; }

    public EngineImages Images { get; }

    /// <summary>The answers by path without version and query.</summary>
    public ConcurrentDictionary<string, byte[]> Answers { get; } = new();

    /// <summary>The paths of all requests so far, with their version.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<FuzzEngine> StartAsync(CancellationToken cancellationToken)
    {
        var engine = new FuzzEngine();
        await engine._app.StartAsync(cancellationToken);
        return engine;
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.DisposeAsync();
        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        Requests.Enqueue(path);
        path = path.StartsWith("/v1.", StringComparison.Ordinal) ? path[path.IndexOf('/', 1)..] : path;
        if (!Answers.TryGetValue(path, out var body))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
