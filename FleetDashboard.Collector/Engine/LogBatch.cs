using System.Buffers;

namespace FleetDashboard.Collector.Engine;

/// <summary>One line inside a <see cref="LogBatch"/>.</summary>
/// <param name="At">When the engine received it.</param>
/// <param name="IsError">True for the standard error.</param>
/// <param name="Start">Where its text begins.</param>
/// <param name="Length">The bytes of its text that were kept.</param>
/// <param name="Total">The bytes of its whole text.</param>
internal readonly record struct BatchedLine(LogTime At, bool IsError, int Start, int Length, long Total);

/// <summary>
/// Many log lines on their way from the engine to a caller. The buffers are reused, so that a flood of lines allocates nothing.
/// </summary>
internal sealed class LogBatch : IDisposable
{
    public const int MaxLines = 1024;

    /// <summary>The bytes at which a batch is full. One long line may exceed them.</summary>
    public const int FullBytes = 64 * 1024;

    private const int FirstBytes = 4 * 1024;

    private byte[] _bytes = [];
    private int _used;

    public List<BatchedLine> Lines { get; } = [];

    public bool IsFull => Lines.Count >= MaxLines || _used >= FullBytes;

    public ReadOnlySpan<byte> TextOf(BatchedLine line) => _bytes.AsSpan(line.Start, line.Length);

    public void Add(LogTime at, bool isError, ReadOnlySpan<byte> text, long total)
    {
        if (_used + text.Length > _bytes.Length)
        {
            Grow(_used + text.Length);
        }

        text.CopyTo(_bytes.AsSpan(_used));
        Lines.Add(new BatchedLine(at, isError, _used, text.Length, total));
        _used += text.Length;
    }

    public void Clear()
    {
        Lines.Clear();
        _used = 0;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Clear();
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBytes, Math.Max(needed, _bytes.Length * 2)));
        _bytes.AsSpan(0, _used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
