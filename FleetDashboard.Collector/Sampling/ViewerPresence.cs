using System.Threading.Channels;
using FleetDashboard.ServiceDefaults.Async;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Sampling;

/// <summary>
/// Whether the dashboard is viewed: a stream is open, or a request or scrape came not long ago. Stats are read less often while it is not.
/// Safe to use from anywhere; <see cref="ArrivalAsync"/> is for the sampling loop alone.
/// </summary>
internal sealed class ViewerPresence(IOptions<SamplingOptions> options, TimeProvider time)
{
    private readonly Channel<bool> _arrivals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private long _lastSeen = time.GetTimestamp(); // The operator who starts the Collector is about to open the page.
    private int _streams;

    public bool IsViewed => Volatile.Read(ref _streams) > 0 || time.GetElapsedTime(Volatile.Read(ref _lastSeen)) < options.Value.IdleAfter;

    /// <summary>Time between two readings at present.</summary>
    public TimeSpan Pace => IsViewed ? options.Value.Interval : options.Value.IdlePace;

    /// <summary>A viewer opened a stream. It ends when the returned object is disposed.</summary>
    public IDisposable Enter()
    {
        Touch();
        Interlocked.Increment(ref _streams);
        return new OnDispose(Leave);
    }

    /// <summary>A request or a scrape came.</summary>
    public void Touch()
    {
        var wasIdle = !IsViewed;
        Volatile.Write(ref _lastSeen, time.GetTimestamp());
        if (wasIdle)
        {
            _arrivals.Writer.TryWrite(true);
        }
    }

    /// <summary>Completes when the first viewer arrives after an idle period.</summary>
    public async Task ArrivalAsync(CancellationToken cancellationToken) => await _arrivals.Reader.ReadAsync(cancellationToken);

    private void Leave()
    {
        Volatile.Write(ref _lastSeen, time.GetTimestamp());
        Interlocked.Decrement(ref _streams);
    }
}
