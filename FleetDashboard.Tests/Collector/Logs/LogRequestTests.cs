using FleetDashboard.Collector.Logs;
using Xunit;

namespace FleetDashboard.Tests.Collector.Logs;

/// <summary>Valid log requests, and the messages for invalid ones.</summary>
public sealed class LogRequestTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void NoParameters_GiveTheNewestFiveHundredOfBoth() =>
        Assert.Equal(new LogRequest(500, null, null, Follow: false, Stdout: true, Stderr: true), LogRequest.Read(default, Now, out _));

    [Theory]
    [InlineData("2026-11-23T07:00:00Z", "2026-11-23T07:00:00.000000000Z")]
    [InlineData("2026-11-23T09:00:00.5 02:00", "2026-11-23T07:00:00.500000000Z")] // a plus sign that was not URL-encoded
    [InlineData("1795417200.000000001", "2026-11-23T07:00:00.000000001Z")]
    [InlineData("15m", "2026-11-23T07:45:00.000000000Z")]
    [InlineData("1h30m", "2026-11-23T06:30:00.000000000Z")]
    [InlineData("1d", "2026-11-22T08:00:00.000000000Z")]
    [InlineData("999999999d999999999d", "1970-01-01T00:00:00.000000000Z")]
    public void Since_InEachFormat_IsATime(string since, string expected) =>
        Assert.Equal(expected, LogRequest.Read(new LogQuery { Since = since }, Now, out _)?.Since.ToString());

    [Theory]
    [InlineData("-1", null, null, null, null, "tail is '-1'")]
    [InlineData("1000001", null, null, null, null, "tail is '1000001'")]
    [InlineData("", null, null, null, null, "tail is ''")]
    [InlineData("1e3", null, null, null, null, "tail is '1e3'")]
    [InlineData(null, "yesterday", null, null, null, "since is 'yesterday'")]
    [InlineData(null, "", null, null, null, "since is ''")]
    [InlineData(null, "-5m", null, null, null, "since is '-5m'")]
    [InlineData(null, "99999999999999999999", null, null, null, "since is '99999999999999999999'")]
    [InlineData(null, null, "1.1234567890", null, null, "until is '1.1234567890'")]
    [InlineData(null, "1h", "2h", null, null, "since (2026-11-23T07:00:00.000000000Z) is after until")]
    [InlineData(null, null, "1h", "true", null, "follow and until cannot be combined")]
    [InlineData(null, null, null, "yes", null, "follow is 'yes'")]
    [InlineData(null, null, null, null, "stdin", "stream is 'stdin'")]
    public void InvalidParameter_GivesAMessageThatNamesIt(
        string? tail,
        string? since,
        string? until,
        string? follow,
        string? stream,
        string sentence
    )
    {
        Assert.Null(LogRequest.Read(new LogQuery(tail, since, until, follow, stream), Now, out var mistake));
        Assert.StartsWith(sentence, mistake, StringComparison.Ordinal);
        Assert.EndsWith(".", mistake, StringComparison.Ordinal);
    }
}
