using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using FleetDashboard.Contracts;
using FleetDashboard.ServiceDefaults;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>A snapshot with what is made of it at most once, whoever asks and however many.</summary>
internal sealed class PublishedSnapshot(FleetSnapshot snapshot, ScrapeState scrape, string etag)
{
    private readonly Lazy<byte[]> _json = new(() => JsonSerializer.SerializeToUtf8Bytes(snapshot, ContractsJson.Default.FleetSnapshot));

    public FleetSnapshot Snapshot => snapshot;

    /// <summary>What scrapes need of the same moment, and the wire does not carry.</summary>
    public ScrapeState Scrape => scrape;

    public string ETag => etag;

    /// <summary>
    /// As it crosses the wire. Bytes: as text a thousand containers were 2.4 MB more with each snapshot, and written out once more for each
    /// reader.
    /// </summary>
    public byte[] Json => _json.Value;
}

/// <summary>
/// The truth: one immutable snapshot, one writer (<see cref="SnapshotWriter"/>), any number of readers that never wait for each other.
/// </summary>
internal sealed class SnapshotStore(TimeProvider time)
{
    private readonly ConcurrentDictionary<Channel<PublishedSnapshot>, bool> _subscribers = new();
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];
    private PublishedSnapshot? _current;
    private long _publishedAt;

    /// <summary>The newest snapshot; null before the engine has been asked at all.</summary>
    public PublishedSnapshot? Current => Volatile.Read(ref _current);

    /// <summary>Time since the last snapshot was published, by the monotonic clock; null before the first.</summary>
    public TimeSpan? Age => Current is null ? null : time.GetElapsedTime(Volatile.Read(ref _publishedAt));

    /// <summary>Those who are reading the stream now.</summary>
    public int SubscriberCount => _subscribers.Count;

    public void Publish(FleetSnapshot snapshot, ScrapeState scrape)
    {
        var published = new PublishedSnapshot(snapshot, scrape, $"\"{_run}-{snapshot.Sequence}\"");
        Volatile.Write(ref _publishedAt, time.GetTimestamp());
        Volatile.Write(ref _current, published);
        foreach (var subscriber in _subscribers.Keys)
        {
            subscriber.Writer.TryWrite(published);
        }
    }

    /// <summary>Publishes the last snapshot once more, as stale: a new one could not be made. Nothing where there was none.</summary>
    /// <param name="sequence">Its number.</param>
    /// <param name="since">Since when it is not current (UTC).</param>
    /// <param name="reason">Why, as a sentence for the operator.</param>
    public void PublishStale(long sequence, DateTimeOffset since, string reason)
    {
        if (Current is { } last)
        {
            Publish(
                last.Snapshot with
                {
                    Sequence = sequence,
                    Stale = true,
                    StaleSince = since,
                    StaleReason = reason,
                    Verdict = new Verdict(HealthColor.Grey, "The fleet's state is not known", []),
                },
                last.Scrape
            );
        }
    }

    /// <summary>The snapshot of now and then each new one; who is slow misses the ones in between.</summary>
    /// <param name="silence">After so long without a new one a null says that all is well.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<PublishedSnapshot?> WatchAsync(
        TimeSpan silence,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // Subscribed before the current one is read, so that nothing falls between; the one read is not put into the channel, where
        // it could displace a newer one.
        var channel = Channel.CreateBounded<PublishedSnapshot>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        _subscribers[channel] = true;
        try
        {
            var last = Current;
            if (last is not null)
            {
                yield return last;
            }

            while (true)
            {
                if (!await channel.Reader.WaitToReadAsync(silence, time, cancellationToken))
                {
                    yield return null;
                }
                else if (channel.Reader.TryRead(out var next) && (last is null || next.Snapshot.Sequence > last.Snapshot.Sequence))
                {
                    yield return last = next;
                }
            }
        }
        finally
        {
            _subscribers.TryRemove(channel, out _);
        }
    }
}
