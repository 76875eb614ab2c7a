using System.Buffers;
using FleetDashboard.Contracts.Logs;

namespace FleetDashboard.Collector.Engine;

/// <summary>One log line while its pieces are received. Keeps the beginning and counts the rest.</summary>
internal sealed class LineAssembly(bool isError) : IDisposable
{
    private const int FirstBytes = 1024;

    private byte[] _bytes = [];
    private int _kept;
    private byte _last;
    private byte _beforeLast;

    public LogTime At { get; private set; }

    /// <summary>True from the first piece until the line is complete.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Bytes so far, including the line ending.</summary>
    public long Total { get; private set; }

    public bool EndsWithNewline => Total > 0 && _last == '\n';

    public void Open(LogTime at) => (At, IsOpen, Total, _kept, _last, _beforeLast) = (at, true, 0, 0, 0, 0);

    public void Append(ReadOnlySpan<byte> piece)
    {
        if (piece.IsEmpty)
        {
            return;
        }

        var room = Math.Min(piece.Length, LogEvents.MaxTextBytes - _kept);
        if (_kept + room > _bytes.Length)
        {
            Grow(_kept + room);
        }

        piece[..room].CopyTo(_bytes.AsSpan(_kept));
        _kept += room;
        Total += piece.Length;
        (_beforeLast, _last) = (piece.Length > 1 ? piece[^2] : _last, piece[^1]);
    }

    public void Complete(LogBatch batch)
    {
        // CR LF ends a line too. A carriage return elsewhere is text.
        var total = EndsWithNewline ? Total - (Total > 1 && _beforeLast == '\r' ? 2 : 1) : Total;
        var text = _bytes.AsSpan(0, (int)Math.Min(_kept, total));
        batch.Add(At, isError, text.Length < total ? WholeCharacters(text) : text, total);
        IsOpen = false;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    // A cut inside a character would show as a wrong character.
    private static ReadOnlySpan<byte> WholeCharacters(ReadOnlySpan<byte> text)
    {
        const int longest = 4;
        for (var back = 1; back <= Math.Min(longest, text.Length); back++)
        {
            var length = text[^back] switch
            {
                < 0x80 => 1,
                < 0xC0 => 0,
                < 0xE0 => 2,
                < 0xF0 => 3,
                _ => 4,
            };
            if (length > 0)
            {
                return length > back ? text[..^back] : text;
            }
        }

        return text;
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBytes, Math.Max(needed, _bytes.Length * 2)));
        _bytes.AsSpan(0, _kept).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
