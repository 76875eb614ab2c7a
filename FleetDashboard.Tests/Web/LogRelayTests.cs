using System.IO.Pipelines;
using System.Text;
using FleetDashboard.Web.Auth;
using FleetDashboard.Web.Logs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>A browser that stops reading without closing the connection.</summary>
public sealed class LogRelayTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Copy_ReaderAcceptsNoData_EndsAfterTwoMinutes()
    {
        var time = new FakeTimeProvider();
        var relay = new LogRelay(null!, Options.Create(new AccountsOptions()), time, NullLogger<LogRelay>.Instance);
        var browser = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        var response = new DefaultHttpContext { Response = { Body = browser.Writer.AsStream() } }.Response;

        var copy = relay.CopyAsync(new MemoryStream(Encoding.UTF8.GetBytes("a line that nobody takes\n")), response, Token);
        time.Advance(TimeSpan.FromSeconds(119));
        Assert.False(copy.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copy.WaitAsync(TimeSpan.FromSeconds(30), Token));
    }

    [Fact]
    public async Task Copy_SilentLog_StaysOpen()
    {
        var time = new FakeTimeProvider();
        var relay = new LogRelay(null!, Options.Create(new AccountsOptions()), time, NullLogger<LogRelay>.Instance);
        var log = new Pipe();
        var taken = new MemoryStream();
        var copy = relay.CopyAsync(log.Reader.AsStream(), new DefaultHttpContext { Response = { Body = taken } }.Response, Token);

        time.Advance(TimeSpan.FromHours(1));
        await log.Writer.WriteAsync("late\n"u8.ToArray(), Token);
        await log.Writer.CompleteAsync();
        await copy.WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.Equal("late\n", Encoding.UTF8.GetString(taken.ToArray()));
    }
}
