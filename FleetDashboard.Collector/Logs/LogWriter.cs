using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;
using FleetDashboard.Contracts.Logs;

namespace FleetDashboard.Collector.Logs;

/// <summary>
/// Writes lines and notes to the caller, as Server-Sent Events or as one JSON array. The array contains lines, and only the notes which say
/// that lines are missing. An element with a <c>kind</c> is a note, one with a <c>reason</c> is the end.
/// </summary>
/// <param name="output">The caller.</param>
/// <param name="events">True for Server-Sent Events.</param>
/// <param name="stallAfter">How long a caller may read nothing before the stream ends.</param>
/// <param name="time">Measures that time.</param>
internal sealed class LogWriter(PipeWriter output, bool events, TimeSpan stallAfter, TimeProvider time) : IDisposable
{
    private const int FirstBytes = 64 * 1024;
    private const int FlushBytes = 32 * 1024;

    /// <summary>Space for everything around the text of a line: event, time, truncation flag. The container's name is added.</summary>
    private const int FrameBytes = 160;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int _used;
    private bool _any;

    /// <summary>Lines since the last flush.</summary>
    public int Lines { get; private set; }

    /// <summary>Bytes since the last flush.</summary>
    public int Bytes => _used;

    public bool IsDue => _used >= FlushBytes;

    public void Begin() => Add(events ? [] : "["u8);

    public void Line(LogFeed feed, BatchedLine line, ReadOnlySpan<byte> text)
    {
        var head = line.IsError ? feed.ErrorHead : feed.OutputHead;
        Reserve(FrameBytes + head.Length + (text.Length * LogJson.LongestEscape));
        Open(LogEvents.Line);
        Add("{\"at\":\""u8);
        line.At.Format(_buffer.AsSpan(_used));
        _used += LogTime.TextLength;
        Add(head);
        _used += LogJson.Escape(text, _buffer.AsSpan(_used));
        Add("\""u8);
        if (line.Total > LogEvents.MaxTextBytes)
        {
            Add(",\"cut\":"u8);
            line.Total.TryFormat(_buffer.AsSpan(_used), out var digits, provider: CultureInfo.InvariantCulture);
            _used += digits;
        }

        Add("}"u8);
        Close();
        Lines++;
    }

    public void Mark(LogMark mark)
    {
        if (events || mark.Kind is LogMarkKinds.Dropped or LogMarkKinds.Unreadable)
        {
            Object(LogEvents.Mark, mark, ContractsJson.Default.LogMark);
        }
    }

    /// <summary>Reports that all past lines were sent.</summary>
    public void CaughtUp() => Event(LogEvents.CaughtUp, "{}"u8);

    /// <summary>Lets a reader distinguish a quiet container from a dead Collector.</summary>
    public void Heartbeat() => Event(CollectorRoutes.HeartbeatEvent, "{}"u8);

    public void End(LogEnd end)
    {
        if (events || end.Reason != LogEndReasons.Finished)
        {
            Object(LogEvents.End, end, ContractsJson.Default.LogEnd);
        }

        if (!events)
        {
            Add("]"u8);
        }
    }

    /// <summary>Sends everything to the caller, and waits until it accepts more.</summary>
    /// <exception cref="TimeoutException">The caller has read nothing for too long.</exception>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_used == 0)
        {
            return;
        }

        var writing = output.WriteAsync(_buffer.AsMemory(0, _used), cancellationToken);
        if (writing.IsCompleted)
        {
            await writing;
        }
        else
        {
            await writing.AsTask().WaitAsync(stallAfter, time, cancellationToken);
        }

        (_used, Lines) = (0, 0);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Event(string name, ReadOnlySpan<byte> data)
    {
        if (events)
        {
            Reserve(FrameBytes);
            Open(name);
            Add(data);
            Close();
        }
    }

    private void Object<T>(string name, T value, JsonTypeInfo<T> type)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        Reserve(FrameBytes + json.Length);
        Open(name);
        Add(json);
        Close();
    }

    private void Open(string name)
    {
        if (events)
        {
            Add("event: "u8);
            foreach (var letter in name)
            {
                _buffer[_used++] = (byte)letter;
            }

            Add("\ndata: "u8);
        }
        else if (_any)
        {
            Add(",\n"u8);
        }

        _any = true;
    }

    private void Close() => Add(events ? "\n\n"u8 : []);

    private void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
    }

    private void Reserve(int bytes)
    {
        if (_used + bytes > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_used + bytes);
            _buffer.AsSpan(0, _used).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
