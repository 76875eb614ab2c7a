using System.Text;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Logs;
using Xunit;

namespace FleetDashboard.Tests.Collector.Logs;

/// <summary>Two responses of the engine overlap, but no line is sent twice.</summary>
public sealed class LogResumePointTests
{
    private static readonly LogTime Start = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));

    private readonly LogResumePoint _resume = new();

    [Fact]
    public void Resume_SameLineTwiceAtOneTime_IsSentTwiceOnly()
    {
        Assert.Equal(["a", "a", "b"], Read(null, (1, "a"), (1, "a"), (2, "b")));
        _resume.Begin();

        Assert.Equal(["a", "c"], Read(null, (1, "a"), (1, "a"), (1, "a"), (2, "b"), (3, "c")));
    }

    [Fact]
    public void Resume_LineStoredOutOfOrder_IsNotLost()
    {
        Read(null, (4.2, "a"), (5, "e"));
        _resume.Begin();

        Assert.True(_resume.ResumeAt <= At(4.2));
        Assert.Equal(["late"], Read(null, (4.2, "a"), (5, "e"), (4.5, "late")));
    }

    [Fact]
    public void Resume_MoreLinesThanRemembered_ContinuesAfterTheForgottenOnes()
    {
        var lines = Enumerable.Range(0, 5000).Select(number => (number / 100_000.0, $"line {number}")).ToArray();
        Read(null, lines);
        _resume.Begin();

        var answer = lines.Where(line => At(line.Item1) >= _resume.ResumeAt).ToArray();

        Assert.InRange(answer.Length, 1, 1024);
        Assert.Empty(Read(null, answer));
    }

    [Fact]
    public void Resume_ResponseStartsInsideALongLine_DropsItsRest()
    {
        Read(null, (1, "begin of a long line and its rest"), (2, "b"));
        _resume.Begin();

        Assert.Equal(["c"], Read(null, (1, "its rest"), (2, "b"), (3, "c")));
    }

    [Fact]
    public void Resume_EngineReadsAFileAgain_NoLineIsDuplicated()
    {
        var lines = Enumerable.Range(0, 5000).Select(number => (number / 500.0, $"line {number}")).ToArray();
        Read(11, lines);

        Assert.Equal(["new"], Read(11, [.. lines, (10.5, "new")]));
    }

    [Fact]
    public void Resume_ClockSetBack_NoLineIsLost()
    {
        Read(100, (100, "before"));

        Assert.Equal(["after", "and on"], Read(40, (40, "after"), (40.2, "and on")));
    }

    [Theory]
    [InlineData(3600)] // one hour
    [InlineData(86_400 * 365 * 20)]
    [InlineData(2)]
    public void Resume_LastLineHasATimeInTheFuture_ContinuesInOrderOfArrival(double ahead)
    {
        Read(null, (1, "a"), (2, "b"), (ahead + 10, "ahead"));
        var from = _resume.ResumeBy(At(10));
        Assert.True(from <= At(9));
        _resume.Begin(from);

        // The engine sends everything again from the requested time on: the line with a time in the future, and then new output.
        Assert.Equal(["c", "d", "e"], Read(10.5, (ahead + 10, "ahead"), (10.1, "c"), (10.1, "d"), (10.4, "e")));
        Assert.Equal(["f"], Read(12, (11.9, "f")));
    }

    [Fact]
    public void Resume_ManyLinesHaveTimesInTheFuture_NoneIsDuplicated()
    {
        var ahead = Enumerable.Range(0, 3000).Select(number => (3600 + (number / 1000.0), $"ahead {number}")).ToArray();
        Read(null, ahead);
        _resume.Begin(_resume.ResumeBy(At(10)));

        Assert.Equal(["new"], Read(11, [.. ahead, (10.5, "new")]));
        Assert.Equal(["and on"], Read(5000, (3601, "and on")));
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(-86_400 * 365 * 20)]
    public void Resume_LastLineHasATimeInThePast_Continues(double behind)
    {
        Read(null, (1, "a"), (2, "b"), (behind, "behind"));
        _resume.Begin(_resume.ResumeBy(At(10)));

        Assert.Equal(["c"], Read(10, (2, "b"), (10, "c")));
    }

    [Fact]
    public void Resume_ClockSetBackWhileFollowing_UsesTheNewClock()
    {
        Read(100, (100, "before"));
        Read(40, (40, "after"));
        _resume.Begin(_resume.ResumeBy(At(41)));

        Assert.Equal(["and on"], Read(42, (40, "after"), (41.5, "and on")));
    }

    [Fact]
    public void Resume_SameTimeForAllLines_NoneIsLostOrDuplicated()
    {
        Read(1, (1, "a"), (1, "b"), (1, "a"));
        _resume.Begin();

        Assert.Equal(["c", "a"], Read(1, (1, "a"), (1, "b"), (1, "a"), (1, "c"), (1, "a")));
    }

    private static LogTime At(double seconds) => Start.Add(TimeSpan.FromSeconds(seconds));

    private string[] Read(double? now, params (double At, string Text)[] lines)
    {
        var texts = new List<string>();
        foreach (var part in lines.Chunk(LogBatch.MaxLines))
        {
            using var batch = new LogBatch();
            foreach (var (at, text) in part)
            {
                batch.Add(At(at), isError: false, Encoding.UTF8.GetBytes(text), text.Length);
            }

            _resume.Apply(batch, now is { } seconds ? At(seconds) : null);
            texts.AddRange(batch.Lines.Select(line => Encoding.UTF8.GetString(batch.TextOf(line))));
        }

        return [.. texts];
    }
}
