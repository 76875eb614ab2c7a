using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector;

/// <summary>The snapshot is compressed on request, and each event of the stream still arrives at once.</summary>
public sealed class CompressionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DecompressionMethods.GZip)]
    [InlineData(DecompressionMethods.None)]
    public async Task Stream_CompressedOrNot_SendsEachSnapshotAtOnce(DecompressionMethods methods)
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await CollectorHost.StartAsync(demo.Endpoint, Token, "--Sampling:Interval=00:05:00");
        await collector.UntilAsync(fleet => fleet.Totals.CpuCores > 0, Token);
        using var http = new HttpClient(new HttpClientHandler { AutomaticDecompression = methods }) { BaseAddress = collector.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", CollectorHost.Token());
        await using var body = await http.GetStreamAsync(new Uri(CollectorRoutes.FleetStream, UriKind.Relative), Token);
        await using var events = SseParser.Create(body).EnumerateAsync(Token).GetAsyncEnumerator(Token);
        await events.MoveNextAsync();

        demo.Kill("wiki-web-1");

        // No stats are read for five minutes, so no later write can push this snapshot through a buffer.
        do
        {
            Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), Token));
        } while (
            events.Current.EventType != CollectorRoutes.SnapshotEvent
            || JsonSerializer
                .Deserialize(events.Current.Data, ContractsJson.Default.FleetSnapshot)!
                .Apps.SelectMany(app => app.Containers)
                .Single(one => one.Name == "wiki-web-1")
                .Color != HealthColor.Red
        );
    }

    [Fact]
    public async Task Snapshot_Compressed_IsTheSameAndAThirdAtMost()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await CollectorHost.StartAsync(demo.Endpoint, Token, "--Sampling:Interval=00:05:00");
        await collector.UntilAsync(fleet => fleet.Totals.CpuCores > 0, Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, CollectorRoutes.Fleet);
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        var plain = await collector.Http.GetByteArrayAsync(new Uri(CollectorRoutes.Fleet, UriKind.Relative), Token);

        using var answer = await collector.Http.SendAsync(request, Token);

        Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
        var packed = await answer.Content.ReadAsByteArrayAsync(Token);
        Assert.InRange(packed.Length, 1000, plain.Length / 3);
        await using var unpacked = new System.IO.Compression.GZipStream(
            new MemoryStream(packed),
            System.IO.Compression.CompressionMode.Decompress
        );
        Assert.Equal(60, (await JsonSerializer.DeserializeAsync(unpacked, ContractsJson.Default.FleetSnapshot, Token))!.Totals.Containers);
    }
}
