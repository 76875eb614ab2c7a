using System.Threading.Channels;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>
/// The containers that wait to be inspected. An id waits once, however often it is asked for, and is never in two hands at a time: an
/// older answer could then overtake a newer one. It cannot outgrow the fleet.
/// </summary>
internal sealed class InspectQueue
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _waiting = [];
    private readonly HashSet<string> _inHand = [];
    private readonly Channel<string> _queue = Channel.CreateUnbounded<string>();

    public void Add(string id)
    {
        using var _ = _gate.EnterScope();
        if (_waiting.Add(id) && !_inHand.Contains(id))
        {
            _queue.Writer.TryWrite(id);
        }
    }

    /// <summary>Waits for the next id; <see cref="Done"/> must follow.</summary>
    public async ValueTask<string> TakeAsync(CancellationToken cancellationToken)
    {
        var id = await _queue.Reader.ReadAsync(cancellationToken);
        using var _ = _gate.EnterScope();
        _waiting.Remove(id);
        _inHand.Add(id);
        return id;
    }

    public void Done(string id)
    {
        using var _ = _gate.EnterScope();
        _inHand.Remove(id);
        if (_waiting.Contains(id))
        {
            _queue.Writer.TryWrite(id);
        }
    }
}
