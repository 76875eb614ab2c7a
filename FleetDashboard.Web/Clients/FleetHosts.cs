using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using FleetDashboard.ServiceDefaults;
using FleetDashboard.ServiceDefaults.Async;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// Every host of the fleet, configured and discovered. Each has its own feed, so that a host that hangs does not delay another. All are
/// published as one view for all viewers.
/// </summary>
internal sealed partial class FleetHosts(
    IOptions<CollectorsOptions> options,
    Func<CollectorHostOptions, HostFeed> newFeed,
    HostDiscovery discovery,
    JobFeed jobs,
    ViewerCount audience,
    TimeProvider time,
    ILogger<FleetHosts> logger
) : SupervisedService(time, logger)
{
    /// <summary>Changes of several hosts within this time are published together, so that a page is not drawn once for each host.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(200);

    private readonly LatestValue<FleetView> _view = new(
        FleetView.Merge(options.Value.Hosts.Select(host => HostView.Nothing(host.Url!, host.Name)), [])
    );
    private readonly TimeProvider _time = time;
    private readonly ILogger _logger = logger;
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private readonly ConcurrentDictionary<Uri, RunningHost> _hosts = new();

    public FleetView Current => _view.Current;

    internal int SubscriberCount => _view.Watchers;

    /// <inheritdoc cref="LatestValue{T}.NobodyWatchesAsync" />
    internal Task NobodyWatchesAsync(CancellationToken cancellationToken) => _view.NobodyWatchesAsync(cancellationToken);

    /// <summary>The view now, then each newer one, until the token is cancelled.</summary>
    public async IAsyncEnumerable<FleetView> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var visit = audience.Enter();
        await foreach (var view in _view.WatchAsync(cancellationToken))
        {
            yield return view;
        }
    }

    protected override IEnumerable<SupervisedLoop> Loops => [new("merge hosts", MergeAsync), new("discover hosts", DiscoverAsync)];

    protected override Task PrepareAsync(CancellationToken stoppingToken)
    {
        foreach (var (host, order) in options.Value.Hosts.Select((host, order) => (host, order)))
        {
            Add(host, order, stoppingToken);
        }
        return Task.CompletedTask;
    }

    /// <summary>Also waits for the feeds, which hold connections.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_hosts.Values.Select(host => host.Running)).WaitAsync(cancellationToken);
    }

    private async Task MergeAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in _changed.Reader.ReadAllAsync(stoppingToken))
        {
            var hosts = _hosts.Values.OrderBy(host => host.Order).ThenBy(host => host.Feed.Current.Name, StringComparer.OrdinalIgnoreCase);
            _view.Publish(FleetView.Merge(hosts.Select(host => host.Feed.Current), discovery.Troubles, _view.Current));
            if (_hosts.Count > 1)
            {
                await Task.Delay(Together, _time, stoppingToken);
            }
        }
    }

    private async Task DiscoverAsync(CancellationToken stoppingToken)
    {
        await foreach (var found in discovery.WatchAsync(stoppingToken))
        {
            foreach (var address in found.Where(address => !_hosts.ContainsKey(address)))
            {
                LogFound(address);
                Add(new CollectorHostOptions { Url = address, Compress = true }, int.MaxValue, stoppingToken);
            }
            foreach (var host in _hosts.Values.Where(host => host.Order == int.MaxValue && !found.Contains(host.Address)).ToList())
            {
                await ForgetAsync(host);
            }
            Changed();
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, _time, stoppingToken); // No name is configured for discovery.
    }

    // A host whose address has left DNS may be a node that died. It stays on the page as unreachable until it is outdated, or until its
    // Collector answers at another address.
    private async Task ForgetAsync(RunningHost host)
    {
        var view = host.Feed.Current;
        var isOld = view.UnreachableSince is { } since && _time.GetUtcNow() - since >= options.Value.ForgetAfter;
        var isElsewhere = !_view.Current.Hosts.Any(shown => shown.Collector == host.Address);
        if (
            view.Connection != ConnectionState.Live
            && (view.Snapshot is null || isOld || isElsewhere)
            && _hosts.TryRemove(host.Address, out _)
        )
        {
            LogForgotten(host.Address);
            jobs.Forget(host.Address);
            await host.StopAsync();
        }
    }

    private void Add(CollectorHostOptions host, int order, CancellationToken stoppingToken)
    {
        var (address, feed) = (host.Url!, newFeed(host));
        var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        _hosts[address] = new RunningHost(
            address,
            order,
            feed,
            stop,
            Task.WhenAll(
                SuperviseAsync("read the stream of", feed.RunAsync),
                SuperviseAsync("listen to", token => ListenAsync(feed, token))
            )
        );

        Task SuperviseAsync(string what, Func<CancellationToken, Task> run) =>
            LoopSupervisor.RunAsync(new SupervisedLoop($"{what} {address}", run), _time, _logger, stop.Token);
    }

    private async Task ListenAsync(HostFeed feed, CancellationToken cancellationToken)
    {
        await foreach (var _ in feed.WatchAsync(cancellationToken))
        {
            Changed();
        }
    }

    private void Changed() => _changed.Writer.TryWrite(true);

    [LoggerMessage(LogLevel.Information, "Found a Collector at {Collector}")]
    private partial void LogFound(Uri collector);

    [LoggerMessage(LogLevel.Information, "The Collector at {Collector} has left the fleet")]
    private partial void LogForgotten(Uri collector);

    private sealed record RunningHost(Uri Address, int Order, HostFeed Feed, CancellationTokenSource Stop, Task Running)
    {
        public async Task StopAsync()
        {
            await Stop.CancelAsync();
            await Running;
            Stop.Dispose();
        }
    }
}
