using System.Threading.Channels;
using FleetDashboard.Collector.Sampling;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>
/// Whether anybody looks: a reader of the stream, or a request or a scrape not long ago. Figures are read less often while nobody does.
/// Safe to use
/// from anywhere; <see cref="ArrivalAsync"/> is for the one sampler.
/// </summary>
internal sealed class ViewerPresence(IOptions<SamplingOptions> options, TimeProvider time)
{
    private readonly Channel<bool> _arrivals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private long _lastSeen = time.GetTimestamp(); // Whoever starts it is about to look.
    private int _watching;

    public bool IsWatched =>
        Volatile.Read(ref _watching) > 0 || time.GetElapsedTime(Volatile.Read(ref _lastSeen)) < options.Value.IdleAfter;

    /// <summary>Time between two readings, as things are.</summary>
    public TimeSpan Pace => IsWatched ? options.Value.Interval : options.Value.IdlePace;

    /// <summary>Somebody looks until what is returned is disposed of.</summary>
    public IDisposable Enter()
    {
        Touch();
        Interlocked.Increment(ref _watching);
        return new Visit(this);
    }

    /// <summary>Somebody had a look.</summary>
    public void Touch()
    {
        var alone = !IsWatched;
        Volatile.Write(ref _lastSeen, time.GetTimestamp());
        if (alone)
        {
            _arrivals.Writer.TryWrite(true);
        }
    }

    /// <summary>Ends when somebody comes after nobody was there.</summary>
    public async Task ArrivalAsync(CancellationToken cancellationToken) => await _arrivals.Reader.ReadAsync(cancellationToken);

    private void Leave()
    {
        Volatile.Write(ref _lastSeen, time.GetTimestamp());
        Interlocked.Decrement(ref _watching);
    }

    private sealed class Visit(ViewerPresence attendance) : IDisposable
    {
        private int _over;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _over, 1) == 0)
            {
                attendance.Leave();
            }
        }
    }
}
