using System.Buffers.Binary;
using System.Text;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts.Logs;
using Xunit;

namespace FleetDashboard.Tests.Collector.Logs;

/// <summary>The engine's bytes (recorded from 20.10), split at every possible position, always give the same lines.</summary>
public sealed class LogLineReaderTests
{
    private const int Piece = 16 * 1024;
    private const string At = "2026-11-23T17:20:14.977818363Z";
    private const string Later = "2026-11-23T17:20:14.979233631Z";

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public async Task Frames_SplitAnywhere_AreTheSameLines(int read)
    {
        byte[] body = [.. Frame(1, At, "one\n"), .. Frame(2, Later, "zwei ü\r\n"), .. Frame(1, Later, "\n"), .. Frame(1, Later, "no end")];

        var lines = await ReadAsync(body, framed: true, read);

        Assert.Equal([(At, false, "one", 3L), (Later, true, "zwei ü", 7L), (Later, false, "", 0L), (Later, false, "no end", 6L)], lines);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    public async Task Frames_LineInPiecesWithTheOtherStreamBetween_IsOneLine(int read)
    {
        var (first, second) = (new string('a', Piece), new string('b', Piece));
        byte[] body = [.. Frame(1, At, first), .. Frame(2, Later, "between\n"), .. Frame(1, At, second), .. Frame(1, At, "end\r\n")];

        var lines = await ReadAsync(body, framed: true, read);

        Assert.Equal([(Later, true, "between", 7L), (At, false, first + second + "end", (2 * Piece) + 3L)], lines);
    }

    [Fact]
    public async Task Frames_LastLineFeedMissing_AreStillTwoLines()
    {
        var piece = new string('a', Piece);

        var lines = await ReadAsync([.. Frame(1, At, piece), .. Frame(1, At, "rest"), .. Frame(1, At, "next\n")], framed: true);

        Assert.Equal([piece + "rest", "next"], lines.Select(line => line.Text));
    }

    [Fact]
    public async Task Frames_LineOfAMegabyte_IsTruncatedAtACharacterAndCounted()
    {
        // Three bytes each, so that the limit is inside a character.
        var text = string.Concat(Enumerable.Repeat("€", 350_000));
        var bytes = Encoding.UTF8.GetBytes(text);
        byte[] body = [.. bytes.Append((byte)'\n').Chunk(Piece).SelectMany(piece => Frame(1, At, piece))];

        var line = Assert.Single(await ReadAsync(body, framed: true));

        Assert.Equal(bytes.Length, line.Total);
        Assert.Equal(new string('€', LogEvents.MaxTextBytes / 3), line.Text);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(int.MaxValue)]
    public async Task Terminal_LineInPieces_DropsTheTimesInside(int read)
    {
        // A terminal's log has no frames. The time of each piece is in the middle of the line.
        var (first, rest) = (new string('y', Piece), new string('z', 100));
        var body = Encoding.UTF8.GetBytes(
            $"{At} a\r\n{Later} {first}{Later} {rest}\r\n{Later} {first}{Later[..12]}no time\r\n{Later} prompt> "
        );

        var lines = await ReadAsync(body, framed: false, read);

        Assert.Equal(["a", first + rest, $"{first}{Later[..12]}no time", "prompt> "], lines.Select(line => line.Text));
        Assert.All(lines, line => Assert.False(line.IsError));
    }

    [Fact]
    public async Task Frames_WithoutATime_HaveThePreviousTime()
    {
        var lines = await ReadAsync(
            [.. Frame(1, At, "one\n"), .. Bare(2, "Error grabbing logs: unexpected end of file and more text than a time has\n")],
            framed: true
        );

        Assert.Equal(
            (At, true, "Error grabbing logs: unexpected end of file and more text than a time has"),
            (lines[1].At, lines[1].IsError, lines[1].Text)
        );
    }

    [Theory]
    [InlineData("2026-11-23T17:20:14.977818363Z", "2026-11-23T17:20:14.977818363Z")]
    [InlineData("2026-11-23T19:20:14.9+02:00", "2026-11-23T17:20:14.900000000Z")]
    [InlineData("2026-11-23T17:20:14Z", "2026-11-23T17:20:14.000000000Z")]
    [InlineData("2026-11-23T17:20:14.1234567890Z", null)]
    [InlineData("2026-02-30T17:20:14Z", null)]
    [InlineData("2026-11-23 17:20:14Z", null)]
    public void Time_Parsed_KeepsAllDigitsAndIsWrittenInUtc(string text, string? expected) =>
        Assert.Equal(expected, LogTime.TryParse(Encoding.ASCII.GetBytes(text), out var time) ? time.ToString() : null);

    private static byte[] Frame(byte stream, string at, string text) => Frame(stream, at, Encoding.UTF8.GetBytes(text));

    private static byte[] Frame(byte stream, string at, byte[] text) => Bare(stream, [.. Encoding.ASCII.GetBytes(at + " "), .. text]);

    private static byte[] Bare(byte stream, string text) => Bare(stream, Encoding.UTF8.GetBytes(text));

    private static byte[] Bare(byte stream, byte[] payload)
    {
        var header = new byte[8];
        header[0] = stream;
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), payload.Length);
        return [.. header, .. payload];
    }

    private static async Task<List<(string At, bool IsError, string Text, long Total)>> ReadAsync(
        byte[] body,
        bool framed,
        int read = int.MaxValue
    )
    {
        using var reader = new LogLineReader(new SlowStream(body, read), framed);
        using var batch = new LogBatch();
        var lines = new List<(string, bool, string, long)>();
        bool more;
        do
        {
            batch.Clear();
            more = await reader.FillAsync(batch, TestContext.Current.CancellationToken);
            lines.AddRange(
                batch.Lines.Select(line => (line.At.ToString(), line.IsError, Encoding.UTF8.GetString(batch.TextOf(line)), line.Total))
            );
        } while (more);

        return lines;
    }

    /// <summary>Returns at most that many bytes at a time.</summary>
    private sealed class SlowStream(byte[] body, int most) : MemoryStream(body)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, most)], cancellationToken);
    }
}
