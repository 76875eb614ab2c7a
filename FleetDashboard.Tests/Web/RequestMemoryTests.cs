using System.Net;
using System.Net.Sockets;
using System.Text;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>
/// What untrusted requests cost in memory. The numbers are those of the whole process, so no other test may run at the same time: beside
/// other tests they were more than twice as large.
/// </summary>
[Collection(nameof(RequestMemoryTests))]
public sealed class RequestMemoryTests : IAsyncLifetime
{
    private const int Megabyte = 1024 * 1024;

    private FakeCollector _collector = default!;
    private WebApp _app = default!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _collector = await FakeCollector.StartAsync(Snapshots.Fleet());
        _app = WebApp.Start(_collector.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Theory]
    [InlineData(29 * Megabyte)]
    [InlineData(60 * 1024)]
    public async Task HundredHalfSentPosts_CostLittleMemory(int length)
    {
        var part = Encoding.ASCII.GetBytes("a=" + new string('x', 50 * 1024));
        using (var first = await RequestLimitTests.ConnectAsync(_app.Url))
        {
            // The permanent allocations of the first request are not counted.
            await first.SendAsync(RequestLimitTests.Head("/sign-in", length), Cancelled);
        }
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var sockets = new List<Socket>();
        for (var i = 0; i < 100; i++)
        {
            var socket = await RequestLimitTests.ConnectAsync(_app.Url);
            sockets.Add(socket);
            await socket.SendAsync(RequestLimitTests.Head("/sign-in", length), Cancelled);
            await Record.ExceptionAsync(() => socket.SendAsync(part, Cancelled).AsTask()); // the server may already have closed it
        }
        using var visitor = new Browserless(_app);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/sign-in", Cancelled)).StatusCode); // the server still works afterwards

        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;

        sockets.ForEach(socket => socket.Dispose());
        Assert.True(grown < 20 * Megabyte, $"{grown / 1024} KiB more for 100 half-sent posts of {length} bytes");
    }
}

/// <summary>Runs after all tests that run in parallel.</summary>
[CollectionDefinition(nameof(RequestMemoryTests), DisableParallelization = true)]
public sealed class RequestMemorySuite;
