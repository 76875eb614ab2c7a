using System.Buffers;
using System.Buffers.Binary;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// Takes lines out of the engine's answer, timestamps included. Two framings: each message in a frame that names its stream, or, with a
/// terminal, one message after the other. A long line is several messages of 16 KiB with the same timestamp, of which only the last ends
/// with a line feed. What has no line feed at all the engine keeps to itself until 16 KiB or the container's end have come, so there is
/// nothing to wait for here: an open line ends with its stream.
/// </summary>
internal sealed class LogLineReader(Stream body, bool framed) : IDisposable
{
    private const int BufferBytes = 32 * 1024;
    private const int HeaderBytes = 8;
    private const byte StandardError = 2;

    /// <summary>
    /// The engine's piece of a long line. A shorter message ends its line, line feed or not: the driver "local" forgets it.
    /// </summary>
    private const int PieceBytes = 16 * 1024;

    /// <summary>Where output never ends a line it is ended here, so that it is seen at all.</summary>
    private const long LongestLine = 16 * 1024 * 1024;

    private const int LongestStamp = 40;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private readonly byte[] _header = new byte[HeaderBytes];
    private readonly byte[] _stamp = new byte[LongestStamp];
    private readonly LineAssembly _output = new(isError: false);
    private readonly LineAssembly _errors = new(isError: true);
    private LineAssembly? _current;
    private Part _part = framed ? Part.Header : Part.Stamp;
    private LogTime _lastAt;
    private int _start;
    private int _end;
    private int _filled;
    private int _stampLength;
    private long _left;
    private long _messageBytes;

    private enum Part
    {
        Header,
        Stamp,
        Text,

        /// <summary>With a terminal, after 16 KiB: the timestamp of a line's next piece, or simply more text.</summary>
        Splice,
    }

    /// <summary>Messages so far: what the engine's <c>tail</c> counts, and more than lines where lines are long.</summary>
    public long Messages { get; private set; }

    /// <summary>
    /// Waits for lines and puts them into <paramref name="batch"/>. False once the engine ended the answer; the last lines may come with
    /// it.
    /// </summary>
    public async ValueTask<bool> FillAsync(LogBatch batch, CancellationToken cancellationToken)
    {
        while (true)
        {
            _start += Parse(_buffer.AsSpan(_start, _end - _start), batch, stopWhenFull: true);
            if (batch.Lines.Count > 0)
            {
                return true;
            }

            _start = 0;
            _end = await body.ReadAsync(_buffer.AsMemory(0, BufferBytes), cancellationToken);
            if (_end == 0)
            {
                Finish(batch);
                return false;
            }
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _output.Dispose();
        _errors.Dispose();
    }

    private int Parse(ReadOnlySpan<byte> data, LogBatch batch, bool stopWhenFull)
    {
        var rest = data;
        while (!rest.IsEmpty && !(stopWhenFull && batch.IsFull))
        {
            switch (_part)
            {
                case Part.Header:
                    TakeHeader(ref rest);
                    break;
                case Part.Stamp:
                    TakeStamp(ref rest, batch);
                    break;
                case Part.Splice:
                    TakeSplice(ref rest, batch);
                    break;
                default:
                    TakeText(ref rest, batch);
                    break;
            }
        }

        return data.Length - rest.Length;
    }

    private void TakeHeader(ref ReadOnlySpan<byte> rest)
    {
        var count = Math.Min(HeaderBytes - _filled, rest.Length);
        rest[..count].CopyTo(_header.AsSpan(_filled));
        rest = rest[count..];
        _filled += count;
        if (_filled == HeaderBytes)
        {
            _filled = 0;
            _left = BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(4));
            _part = _left == 0 ? Part.Header : Part.Stamp;
        }
    }

    private void TakeStamp(ref ReadOnlySpan<byte> rest, LogBatch batch)
    {
        var limit = (int)Math.Min(Math.Min(LongestStamp - _filled, rest.Length), framed ? _left : int.MaxValue);
        var space = rest[..limit].IndexOf((byte)' ');
        var count = space < 0 ? limit : space + 1;
        rest[..count].CopyTo(_stamp.AsSpan(_filled));
        rest = rest[count..];
        _filled += count;
        _left -= count;
        if (space < 0 && _filled < LongestStamp && !(framed && _left == 0))
        {
            return; // It goes on with the next read.
        }

        _stampLength = _filled;
        _filled = 0;
        var stamped = LogTime.TryParse(_stamp.AsSpan(0, Math.Max(0, _stampLength - 1)), out var at);
        Begin(stamped ? at : _lastAt, batch);
        if (!stamped)
        {
            Again(batch); // The engine's own words, e.g. about a broken file, carry none: they are text, and not lost.
        }
        else if (framed && _left == 0)
        {
            EndFrame(batch);
        }
    }

    private void Begin(LogTime at, LogBatch batch)
    {
        _lastAt = at;
        Messages++;
        _messageBytes = 0;
        _part = Part.Text;
        _current = framed && _header[0] == StandardError ? _errors : _output;
        if (_current.IsOpen && _current.At != at)
        {
            _current.Complete(batch);
        }

        if (!_current.IsOpen)
        {
            _current.Open(at);
        }
    }

    private void TakeText(ref ReadOnlySpan<byte> rest, LogBatch batch)
    {
        if (framed)
        {
            var count = (int)Math.Min(_left, rest.Length);
            _current!.Append(rest[..count]);
            rest = rest[count..];
            _left -= count;
            _messageBytes += count;
            if (_left == 0)
            {
                EndFrame(batch);
            }

            return;
        }

        var toPiece = (int)Math.Min(rest.Length, _messageBytes < PieceBytes ? PieceBytes - _messageBytes : int.MaxValue);
        var newline = rest[..toPiece].IndexOf((byte)'\n');
        var taken = newline < 0 ? toPiece : newline + 1;
        _current!.Append(rest[..taken]);
        rest = rest[taken..];
        _messageBytes += taken;
        if (newline >= 0)
        {
            _current.Complete(batch);
            _part = Part.Stamp;
        }
        else if (_messageBytes == PieceBytes)
        {
            _part = Part.Splice;
        }
    }

    private void TakeSplice(ref ReadOnlySpan<byte> rest, LogBatch batch)
    {
        // The stamp of this message is still at hand; the same again means that the line goes on behind it.
        while (!rest.IsEmpty && _filled < _stampLength && rest[0] == _stamp[_filled])
        {
            _filled++;
            rest = rest[1..];
        }

        if (_filled == _stampLength)
        {
            (_filled, _messageBytes, _part) = (0, 0, Part.Text);
            Messages++;
            if (_current!.Total >= LongestLine)
            {
                _current.Complete(batch);
                _current.Open(_lastAt);
            }
        }
        else if (!rest.IsEmpty)
        {
            // Text that began like it. Beyond a piece's length: it is not looked for again in this line.
            (_stampLength, _filled, _messageBytes) = (_filled, 0, PieceBytes + 1);
            Again(batch);
        }
    }

    private void EndFrame(LogBatch batch)
    {
        _part = Part.Header;
        if (_current!.EndsWithNewline || _messageBytes < PieceBytes || _current.Total >= LongestLine)
        {
            _current.Complete(batch);
        }
    }

    // What was taken for a timestamp is text. It is at most forty bytes, so it never matters that the batch may be full.
    private void Again(LogBatch batch)
    {
        Span<byte> taken = stackalloc byte[LongestStamp];
        var count = _stampLength;
        _stamp.AsSpan(0, count).CopyTo(taken);
        _stampLength = 0;
        _part = Part.Text;
        _left += framed ? count : 0;
        Parse(taken[..count], batch, stopWhenFull: false);
    }

    private void Finish(LogBatch batch)
    {
        if (_part == Part.Splice)
        {
            (_stampLength, _filled, _messageBytes) = (_filled, 0, PieceBytes + 1);
            Again(batch);
        }

        foreach (var open in (LineAssembly[])[_output, _errors])
        {
            if (open.IsOpen && (framed || open.Total > 0))
            {
                open.Complete(batch);
            }
        }
    }
}
