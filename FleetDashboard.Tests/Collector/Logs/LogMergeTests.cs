using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Logs;
using FleetDashboard.Contracts.Logs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace FleetDashboard.Tests.Collector.Logs;

/// <summary>Several logs are merged at the pace of the reader.</summary>
public sealed class LogMergeTests : IDisposable
{
    private static readonly LogTime Start = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 4096, resumeWriterThreshold: 2048));
    private readonly List<LogFeed> _feeds = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _feeds.ForEach(feed => feed.Dispose());
        _services.Dispose();
    }

    [Fact]
    public async Task Past_SlowContainer_IsWaitedForToKeepTheOrder()
    {
        var (merge, running) = Begin(skip: 2, "web", "db");
        await SendAsync(_feeds[0], 1, 3, 5);
        await EndAsync(_feeds[0]);

        // The other container's lines arrive much later but are older. With two lines too many, the oldest of both are skipped.
        await SendAsync(_feeds[1], 2, 4);
        await EndAsync(_feeds[1]);
        merge.End(new LogEnd(LogEndReasons.Finished, "done"));

        Assert.Equal(["web 3", "db 4", "web 5"], await ReadAsync(running));
    }

    [Fact]
    public async Task Feed_ReaderReadsNothing_GetsNoFourthBatch()
    {
        var (merge, running) = Begin(skip: 0, "web");
        var sent = 0;
        var filling = FillAsync();

        // The reader's pipe is full and the merge waits: it holds one batch, the feed holds the rest, and none is left to fill.
        await Task.WhenAny(filling, Task.Delay(TimeSpan.FromSeconds(2), Token));
        Assert.False(filling.IsCompleted);
        Assert.InRange(sent, 1, 5);

        merge.End(new LogEnd(LogEndReasons.Finished, "done"));
        var lines = await ReadAsync(running);
        await filling;
        Assert.Equal(20 * LogBatch.MaxLines, lines.Count);

        async Task FillAsync()
        {
            for (; sent < 20; sent++)
            {
                await SendAsync(_feeds[0], [.. Enumerable.Range(sent * LogBatch.MaxLines, LogBatch.MaxLines)]);
            }

            await EndAsync(_feeds[0]);
        }
    }

    private (LogMerge Merge, Task Running) Begin(long skip, params string[] containers)
    {
        var writer = new LogWriter(_pipe.Writer, events: false, TimeSpan.FromMinutes(1), TimeProvider.System);
        var streams = new LogStreams(Options.Create(new LogOptions()), _services.GetRequiredService<IMeterFactory>());
        var merge = new LogMerge(writer, follow: false, maxBytes: long.MaxValue, streams, TimeProvider.System) { Skip = skip };
        foreach (var container in containers)
        {
            var feed = new LogFeed(container, merge.Wake, TimeProvider.System);
            _feeds.Add(feed);
            merge.Join(feed, withPast: true);
        }

        return (merge, RunAsync());

        async Task RunAsync()
        {
            await merge.RunAsync(Token);
            await _pipe.Writer.CompleteAsync();
            writer.Dispose();
        }
    }

    private static async Task SendAsync(LogFeed feed, params int[] seconds)
    {
        var batch = await feed.RentAsync(Token);
        foreach (var second in seconds)
        {
            batch.Add(Start.Add(TimeSpan.FromSeconds(second)), isError: false, Encoding.UTF8.GetBytes($"{feed.Container} {second}"), 1);
        }

        await feed.SendAsync(batch, Token);
    }

    private static async Task EndAsync(LogFeed feed)
    {
        await feed.CaughtUpAsync(Token);
        feed.Complete();
    }

    private async Task<List<string>> ReadAsync(Task running)
    {
        using var body = _pipe.Reader.AsStream();
        var lines = await JsonSerializer.DeserializeAsync<List<LogLine>>(body, JsonSerializerOptions.Web, Token);
        await running;
        return [.. lines!.Select(line => line.Text)];
    }
}
