using System.Buffers;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// Reads the lines of a log, each with its timestamp. Without a terminal each message is in a frame that names its stream; with a terminal
/// the messages follow each other. The engine splits a long line into messages of 16 KiB with the same timestamp; only the last one ends
/// with a line feed. It holds back text without a line feed until 16 KiB are full or the container ends. An open line therefore ends with
/// its stream.
/// </summary>
internal sealed class LogLineReader(Stream body, bool framed) : IDisposable
{
    private const int BufferBytes = 32 * 1024;

    /// <summary>
    /// The size of the pieces of a long line. A shorter message ends its line even without a line feed: the log driver "local" omits it.
    /// </summary>
    private const int PieceBytes = 16 * 1024;

    /// <summary>Output without any line feed is split at this length. Otherwise it would never be shown.</summary>
    private const long LongestLine = 16 * 1024 * 1024;

    private const int LongestStamp = 40;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private readonly StreamFrames _frames = new();
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

        /// <summary>With a terminal, after 16 KiB: either the timestamp of the line's next piece, or more text.</summary>
        Splice,
    }

    /// <summary>Messages so far. The engine's <c>tail</c> counts messages; a long line has several.</summary>
    public long Messages { get; private set; }

    /// <summary>
    /// Waits for lines and puts them into <paramref name="batch"/>. False once the engine ended the answer; the batch may still have lines.
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
        if (_frames.TryReadHeader(ref rest))
        {
            _left = _frames.Length;
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
            return; // The timestamp continues with the next read.
        }

        _stampLength = _filled;
        _filled = 0;
        var stamped = LogTime.TryParse(_stamp.AsSpan(0, Math.Max(0, _stampLength - 1)), out var at);
        Begin(stamped ? at : _lastAt, batch);
        if (!stamped)
        {
            ReadAsText(batch); // The engine's own messages, e.g. about a broken file, have no timestamp. They are kept as text.
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
        _current = framed && _frames.IsError ? _errors : _output;
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
        // The same timestamp again means that the line continues after it.
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
            // Text that only began like the timestamp. This line is not searched again: its length is set beyond a piece.
            (_stampLength, _filled, _messageBytes) = (_filled, 0, PieceBytes + 1);
            ReadAsText(batch);
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

    // The bytes read as a timestamp are text. They are at most forty, so they fit even into a full batch.
    private void ReadAsText(LogBatch batch)
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
            ReadAsText(batch);
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
