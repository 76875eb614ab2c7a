using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using FleetDashboard.Contracts;
using FleetDashboard.Contracts.Logs;

namespace FleetDashboard.Tests.Support;

/// <summary>One event of a log stream.</summary>
internal sealed record LogItem(string Event, LogLine? Line, LogMark? Mark, LogEnd? End);

/// <summary>A log stream as a caller reads it. All received events are kept, in order.</summary>
internal sealed class LogStream : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly Stream _body;
    private readonly IAsyncEnumerator<SseItem<string>> _events;

    private LogStream(HttpClient http, Stream body, CancellationToken cancellationToken)
    {
        (_http, _body) = (http, body);
        _events = SseParser.Create(body).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    public List<LogItem> Items { get; } = [];

    public IEnumerable<LogLine> Lines => Items.Where(item => item.Line is not null).Select(item => item.Line!);

    public IEnumerable<string> Texts => Lines.Select(line => line.Text);

    public IEnumerable<LogMark> Marks => Items.Where(item => item.Mark is not null).Select(item => item.Mark!);

    public static Task<LogStream> OfContainerAsync(CollectorHost collector, string id, string query, CancellationToken cancellationToken) =>
        OpenAsync(collector, $"{CollectorRoutes.ContainerLogs.Replace("{id}", id, StringComparison.Ordinal)}?{query}", cancellationToken);

    public static Task<LogStream> OfAppAsync(CollectorHost collector, string app, string query, CancellationToken cancellationToken) =>
        OpenAsync(collector, $"{CollectorRoutes.AppLogs.Replace("{app}", app, StringComparison.Ordinal)}?{query}", cancellationToken);

    /// <summary>Reads until an event matches, and returns it. Fails at the end of the stream or at the timeout.</summary>
    public async Task<LogItem> UntilAsync(Func<LogItem, bool> wanted, TimeSpan? deadline = null)
    {
        var limit = Task.Delay(deadline ?? Eventually.Deadline, Xunit.TestContext.Current.CancellationToken);
        while (true)
        {
            var next = _events.MoveNextAsync().AsTask();
            if (await Task.WhenAny(next, limit) == limit || !await next)
            {
                throw new TimeoutException(
                    $"{(limit.IsCompleted ? "Not in time" : "The stream ended first")}. "
                        + $"Last of {Items.Count}: {string.Join(" | ", Items.TakeLast(5))}"
                );
            }

            var item = Read(_events.Current);
            Items.Add(item);
            if (wanted(item))
            {
                return item;
            }
        }
    }

    public Task<LogItem> UntilEndAsync(TimeSpan? deadline = null) => UntilAsync(item => item.End is not null, deadline);

    public Task<LogItem> UntilCaughtUpAsync() => UntilAsync(item => item.Event == LogEvents.CaughtUp);

    public Task<LogItem> UntilTextAsync(string text) => UntilAsync(item => item.Line?.Text == text);

    public Task<LogItem> UntilMarkAsync(string kind) => UntilAsync(item => item.Mark?.Kind == kind);

    /// <summary>Closes the stream as the caller.</summary>
    public async ValueTask DisposeAsync()
    {
        await _body.DisposeAsync();
        _http.Dispose();
    }

    private static async Task<LogStream> OpenAsync(CollectorHost collector, string path, CancellationToken cancellationToken)
    {
        var http = new HttpClient { BaseAddress = collector.Address, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", CollectorHost.Token());
        http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        return new LogStream(http, await http.GetStreamAsync(new Uri(path, UriKind.Relative), cancellationToken), cancellationToken);
    }

    private static LogItem Read(SseItem<string> item) =>
        item.EventType switch
        {
            LogEvents.Line => new LogItem(item.EventType, JsonSerializer.Deserialize(item.Data, ContractsJson.Default.LogLine), null, null),
            LogEvents.Mark => new LogItem(item.EventType, null, JsonSerializer.Deserialize(item.Data, ContractsJson.Default.LogMark), null),
            LogEvents.End => new LogItem(item.EventType, null, null, JsonSerializer.Deserialize(item.Data, ContractsJson.Default.LogEnd)),
            _ => new LogItem(item.EventType, null, null, null),
        };
}
