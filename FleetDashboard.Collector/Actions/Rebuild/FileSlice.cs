namespace FleetDashboard.Collector.Actions.Rebuild;

/// <summary>
/// A file, limited to the length it had when it was opened. A tar entry starts with its length, so a log that grows while it is sent would
/// corrupt the archive. A file that became shorter is padded with zeros.
/// </summary>
internal sealed class FileSlice(FileStream file, long length) : Stream
{
    private long _position;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = Math.Clamp(value, 0, length);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var wanted = Wanted(buffer.Length);
        return wanted == 0 ? 0 : Move(buffer[..wanted], RandomAccess.Read(file.SafeFileHandle, buffer[..wanted], _position));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = Wanted(buffer.Length);
        if (wanted == 0)
        {
            return 0;
        }

        var read = await RandomAccess.ReadAsync(file.SafeFileHandle, buffer[..wanted], _position, cancellationToken);
        return Move(buffer.Span[..wanted], read);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => length + offset,
        };

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Wanted(int room) => (int)Math.Min(room, length - _position);

    private int Move(Span<byte> buffer, int read)
    {
        if (read == 0)
        {
            buffer.Clear();
            read = buffer.Length;
        }

        _position += read;
        return read;
    }
}
