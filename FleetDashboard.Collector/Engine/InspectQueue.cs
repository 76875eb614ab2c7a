using System.Threading.Channels;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// The containers that wait to be inspected. An id waits once, however often it is added. It is never inspected twice at the same time: an
/// older answer could then overtake a newer one. The queue cannot outgrow the fleet.
/// </summary>
internal sealed class InspectQueue
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _waiting = [];
    private readonly HashSet<string> _running = [];
    private readonly Channel<string> _queue = Channel.CreateUnbounded<string>();

    public void Add(string id)
    {
        using var _ = _gate.EnterScope();
        if (_waiting.Add(id) && !_running.Contains(id))
        {
            _queue.Writer.TryWrite(id);
        }
    }

    /// <summary>Waits for the next id; <see cref="Done"/> must follow.</summary>
    public async ValueTask<string> NextAsync(CancellationToken cancellationToken)
    {
        var id = await _queue.Reader.ReadAsync(cancellationToken);
        using var _ = _gate.EnterScope();
        _waiting.Remove(id);
        _running.Add(id);
        return id;
    }

    public void Done(string id)
    {
        using var _ = _gate.EnterScope();
        _running.Remove(id);
        if (_waiting.Contains(id))
        {
            _queue.Writer.TryWrite(id);
        }
    }

    /// <summary>Empties the queue. Only while no inspection runs.</summary>
    public void Clear()
    {
        using var _ = _gate.EnterScope();
        _waiting.Clear();
        _running.Clear();
        while (_queue.Reader.TryRead(out string? _)) { }
    }
}
