using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// Finds Collectors by DNS: every address of a name is one, as with a global service of Docker Swarm and its name <c>tasks.collector</c>.
/// The names are looked up every few seconds.
/// </summary>
internal sealed partial class HostDiscovery(
    IOptions<CollectorsOptions> options,
    ResolveName resolve,
    TimeProvider time,
    ILogger<HostDiscovery> logger
)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Uri, ImmutableArray<Uri>> _known = [];
    private ImmutableArray<string> _troubles = [];

    /// <summary>The names that cannot be resolved now, as sentences.</summary>
    public ImmutableArray<string> Troubles => _troubles;

    /// <summary>
    /// All addresses, again after each lookup. A name that cannot be resolved keeps its last addresses, because a DNS failure does not mean
    /// that a host is gone. Ends where no name is configured.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlySet<Uri>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (options.Value.Discover.Count > 0)
        {
            var troubles = ImmutableArray.CreateBuilder<string>();
            foreach (var name in options.Value.Discover)
            {
                try
                {
                    var addresses = await resolve(name.Host, cancellationToken).WaitAsync(Deadline, time, cancellationToken);
                    _known[name] = [.. addresses.Select(address => At(name, address))];
                }
                catch (Exception fault) when (fault is SocketException or TimeoutException)
                {
                    LogUnresolved(fault, name.Host);
                    troubles.Add(
                        $"{name.Host} names no Collector: it cannot be resolved. Is the service there, and Collectors:Discover right?"
                    );
                }
            }
            ImmutableInterlocked.InterlockedExchange(ref _troubles, troubles.ToImmutable());
            yield return _known.Values.SelectMany(addresses => addresses).ToHashSet();
            await Task.Delay(options.Value.DiscoverEvery, time, cancellationToken);
        }
    }

    private static Uri At(Uri name, IPAddress address) => new UriBuilder(name) { Host = address.ToString() }.Uri;

    [LoggerMessage(LogLevel.Debug, "{Name} could not be resolved")]
    private partial void LogUnresolved(Exception fault, string name);
}

/// <summary>The addresses of a name, as <see cref="Dns.GetHostAddressesAsync(string, CancellationToken)"/> returns them.</summary>
internal delegate Task<IPAddress[]> ResolveName(string name, CancellationToken cancellationToken);
