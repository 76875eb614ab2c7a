using System.Buffers.Binary;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// Reads the frames of Docker's multiplexed streams (logs, exec). Each begins with eight bytes: one for the stream, three of zero, four for
/// the length of its payload. A header may come in pieces.
/// </summary>
internal sealed class StreamFrames
{
    private const int HeaderBytes = 8;
    private const byte StandardError = 2;

    private readonly byte[] _header = new byte[HeaderBytes];
    private int _filled;

    /// <summary>True where the last frame is of the standard error.</summary>
    public bool IsError => _header[0] == StandardError;

    /// <summary>Bytes in the payload of the last frame.</summary>
    public uint Length => BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(4));

    /// <summary>Reads a header from the front of <paramref name="rest"/>. False where more bytes are needed.</summary>
    public bool TryReadHeader(ref ReadOnlySpan<byte> rest)
    {
        var count = Math.Min(HeaderBytes - _filled, rest.Length);
        rest[..count].CopyTo(_header.AsSpan(_filled));
        rest = rest[count..];
        _filled = (_filled + count) % HeaderBytes;
        return count > 0 && _filled == 0;
    }
}
