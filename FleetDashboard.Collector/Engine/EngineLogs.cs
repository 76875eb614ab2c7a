using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Engine;

/// <summary>Which part of a log the engine is asked for.</summary>
/// <param name="Stdout">With the standard output.</param>
/// <param name="Stderr">With the standard error.</param>
/// <param name="Tail">The number of newest messages, counted before the other filters; null for all.</param>
/// <param name="Since">From then on, inclusive.</param>
/// <param name="Until">Until then, inclusive.</param>
/// <param name="Follow">Goes on until the container ends.</param>
internal sealed record LogWindow(bool Stdout, bool Stderr, int? Tail, LogTime? Since, LogTime? Until, bool Follow);

/// <summary>The engine's answer to the request for a log.</summary>
internal abstract record LogOpening
{
    public sealed record Opened(EngineLogStream Stream) : LogOpening;

    /// <summary>The container is gone.</summary>
    public sealed record Gone : LogOpening;

    /// <summary>The container has a log that the engine cannot read.</summary>
    public sealed record Unsupported(string Message) : LogOpening;
}

/// <summary>
/// Opens the logs of containers. An answer must begin within the deadline of every call. After that it may be silent for as long as the
/// container is, and ends with its token or its disposal.
/// </summary>
internal sealed class EngineLogs
{
    public const string MeterName = "FleetDashboard.Collector.Engine.Logs";

    private readonly EngineOptions _options;
    private readonly EngineChannel _channel;
    private readonly EngineCalls _calls;
    private int _open;

    public EngineLogs(IOptions<EngineOptions> options, EngineChannel channel, EngineCalls calls, IMeterFactory meters)
    {
        (_options, _channel, _calls) = (options.Value, channel, calls);
        meters
            .Create(MeterName)
            .CreateObservableGauge("fleet.engine.log.streams", () => OpenStreams, "{stream}", "Logs that are being read from the engine.");
    }

    /// <summary>Logs that are being read now.</summary>
    public int OpenStreams => Volatile.Read(ref _open);

    /// <summary>Opens one log. Dispose the stream: that ends it at the engine too.</summary>
    public Task<LogOpening> OpenAsync(string id, bool terminal, LogWindow window, CancellationToken cancellationToken) =>
        _calls.AskAsync("logs", _options.Deadline, token => AskAsync(id, terminal, window, token), cancellationToken);

    internal void Closed() => Interlocked.Decrement(ref _open);

    private async Task<LogOpening> AskAsync(string id, bool terminal, LogWindow window, CancellationToken cancellationToken)
    {
        HttpResponseMessage? response = null;
        try
        {
            response = await _channel.Http.GetAsync(Path(id, window), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var stream = new EngineLogStream(this, response, await response.Content.ReadAsStreamAsync(cancellationToken), terminal);
            Interlocked.Increment(ref _open);
            response = null;
            return new LogOpening.Opened(stream);
        }
        catch (EngineRefusal gone) when (gone.Status is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            return new LogOpening.Gone(); // Conflict: it is about to be removed.
        }
        catch (EngineRefusal refusal) when (refusal.Status == HttpStatusCode.NotImplemented)
        {
            return new LogOpening.Unsupported(refusal.Message);
        }
        finally
        {
            response?.Dispose();
        }
    }

    private static string Path(string id, LogWindow window)
    {
        var path = new StringBuilder(
            $"/containers/{id}/logs?timestamps=1&stdout={(window.Stdout ? 1 : 0)}&stderr={(window.Stderr ? 1 : 0)}"
        );
        path.Append(window.Tail is { } tail ? $"&tail={tail}" : "&tail=all");
        if (window.Since is { } since)
        {
            path.Append("&since=").Append(since.ToUnixSeconds());
        }

        if (window.Until is { } until)
        {
            path.Append("&until=").Append(until.ToUnixSeconds());
        }

        return path.Append(window.Follow ? "&follow=1" : "").ToString();
    }
}

/// <summary>A log that is being read.</summary>
internal sealed class EngineLogStream(EngineLogs owner, HttpResponseMessage response, Stream body, bool terminal) : IDisposable
{
    private bool _closed;

    public LogLineReader Reader { get; } = new(body, framed: !terminal);

    /// <summary>When the engine began to answer, by its own clock, in whole seconds; null without a Date header.</summary>
    public DateTimeOffset? Date => response.Headers.Date;

    public void Dispose()
    {
        if (!_closed)
        {
            _closed = true;
            response.Dispose();
            Reader.Dispose();
            owner.Closed();
        }
    }
}
