using System.Text;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Logs;
using Xunit;

namespace FleetDashboard.Tests.Collector.Logs;

/// <summary>Two answers of the engine overlap; their lines do not.</summary>
public sealed class LogSeamTests
{
    private static readonly LogTime Start = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));

    private readonly LogSeam _seam = new();

    [Fact]
    public void Seam_TheSameLineTwiceAtOneTime_IsSentTwiceAndNotThrice()
    {
        Assert.Equal(["a", "a", "b"], Read(null, (1, "a"), (1, "a"), (2, "b")));
        _seam.Begin();

        Assert.Equal(["a", "c"], Read(null, (1, "a"), (1, "a"), (1, "a"), (2, "b"), (3, "c")));
    }

    [Fact]
    public void Seam_LineStoredOutOfOrder_IsNotLost()
    {
        Read(null, (4.2, "a"), (5, "e"));
        _seam.Begin();

        Assert.True(_seam.ResumeAt <= At(4.2));
        Assert.Equal(["late"], Read(null, (4.2, "a"), (5, "e"), (4.5, "late")));
    }

    [Fact]
    public void Seam_MoreLinesThanAreRemembered_ResumesAfterTheForgotten()
    {
        var lines = Enumerable.Range(0, 5000).Select(number => (number / 100_000.0, $"line {number}")).ToArray();
        Read(null, lines);
        _seam.Begin();

        var answer = lines.Where(line => At(line.Item1) >= _seam.ResumeAt).ToArray();

        Assert.InRange(answer.Length, 1, 1024);
        Assert.Empty(Read(null, answer));
    }

    [Fact]
    public void Seam_AnswerBeginsInsideALongLine_DropsItsRest()
    {
        Read(null, (1, "begin of a long line and its rest"), (2, "b"));
        _seam.Begin();

        Assert.Equal(["c"], Read(null, (1, "its rest"), (2, "b"), (3, "c")));
    }

    [Fact]
    public void Seam_EngineReadsAFileAgain_NothingIsDoubled()
    {
        var lines = Enumerable.Range(0, 5000).Select(number => (number / 500.0, $"line {number}")).ToArray();
        Read(11, lines);

        Assert.Equal(["new"], Read(11, [.. lines, (10.5, "new")]));
    }

    [Fact]
    public void Seam_ClockSetBack_NothingIsLost()
    {
        Read(100, (100, "before"));

        Assert.Equal(["after", "and on"], Read(40, (40, "after"), (40.2, "and on")));
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

            _seam.Apply(batch, now is { } seconds ? At(seconds) : null);
            texts.AddRange(batch.Lines.Select(line => Encoding.UTF8.GetString(batch.TextOf(line))));
        }

        return [.. texts];
    }
}
