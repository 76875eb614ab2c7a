using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// What is known of the whole fleet: every host as it was last heard. Immutable, shared by all viewers. A host that did not change since
/// the last view is the same instance, so that what was made of it need not be made again.
/// </summary>
public sealed class FleetView
{
    private FleetView(ImmutableArray<HostView> hosts, ImmutableArray<string> warnings)
    {
        (Hosts, Warnings) = (hosts, warnings);
        Apps = [.. hosts.SelectMany(host => host.Snapshot?.Apps ?? [], (host, app) => new FleetApp(host, app))];
    }

    /// <summary>Before any host is known.</summary>
    public static FleetView Nothing { get; } = new([], []);

    /// <summary>In the order of the configuration, then those that were found, by name.</summary>
    public ImmutableArray<HostView> Hosts { get; }

    /// <summary>Every app of every host, host by host, each in its snapshot's order.</summary>
    public ImmutableArray<FleetApp> Apps { get; }

    /// <summary>What the operator should know about the hosts themselves, as sentences.</summary>
    public ImmutableArray<string> Warnings { get; }

    public bool IsSeveral => Hosts.Length > 1;

    /// <summary>True once any host has told what runs there.</summary>
    public bool IsKnown => Hosts.Any(host => host.Snapshot is not null);

    /// <summary>True while nothing is known of any host and nothing is wrong.</summary>
    public bool IsWaiting => !IsKnown && Hosts.All(host => host.Connection == ConnectionState.Connecting);

    /// <summary>True while the page may show colours: those of the hosts that are heard.</summary>
    public bool IsCurrent => Hosts.Any(host => host.IsCurrent);

    /// <summary>The hosts by name in a sentence: <c>lab-1</c>, <c>any of 3 hosts</c>.</summary>
    public string Place => Hosts.Length == 1 ? Hosts[0].Name : $"any of {Hosts.Length} hosts";

    /// <summary>The view of these hosts, named apart; <paramref name="last"/> keeps what did not change.</summary>
    public static FleetView Merge(IEnumerable<HostView> heard, IEnumerable<string> warnings, FleetView? last = null)
    {
        var (hosts, twice) = HostNames.Apart([.. heard]);
        var known = (last?.Hosts ?? []).ToDictionary(host => host.Collector);
        return new FleetView(
            [.. hosts.Select(host => known.TryGetValue(host.Collector, out var same) && same == host ? same : host)],
            [.. warnings, .. twice]
        );
    }

    /// <summary>What the hosts' own Collectors warn of, each with the host's name where there are several.</summary>
    public IEnumerable<string> HostWarnings() =>
        Hosts.SelectMany(host => host.Snapshot?.Warnings ?? [], (host, warning) => host.Tag is { } tag ? $"{tag}: {warning}" : warning);

    public HostView? Host(string? name) => name is null ? null : Hosts.FirstOrDefault(host => host.Name == name);

    /// <summary>What to call a host in an address of the page, by its Collector; null where the fleet has one host.</summary>
    public string? TagOf(Uri collector) => Hosts.FirstOrDefault(host => host.Collector == collector)?.Tag;

    /// <summary>
    /// The app of this name on a host, or on the first that has one. A slash arrives as it was sent when the server has cut the path, and
    /// decoded when the browser has.
    /// </summary>
    public FleetApp? Find(string name, string? host = null)
    {
        var decoded = name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var apps = Apps.Where(app => host is null || app.Host.Name == host).ToList();
        return apps.FirstOrDefault(app => app.App.Name == name) ?? apps.FirstOrDefault(app => app.App.Name == decoded);
    }

    /// <summary>The container of this id, or of which this is the id's beginning, and its app.</summary>
    public (FleetApp? App, ContainerSnapshot? Container) FindContainer(string id) =>
        id.Length < ShortestId
            ? default
            : Apps.SelectMany(app => app.App.Containers, (app, container) => (app, container))
                .FirstOrDefault(pair => pair.container.Id.StartsWith(id, StringComparison.Ordinal));

    /// <summary>As the engine's own tools write an id; enough to find a container in a fleet, and less to send sixty times.</summary>
    public const int ShortestId = 12;
}

/// <summary>An app where it lives: its name alone may stand on several hosts.</summary>
/// <param name="Host">The host.</param>
/// <param name="App">The app as that host's Collector tells it.</param>
public sealed record FleetApp(HostView Host, AppSnapshot App)
{
    /// <summary>What no other app of the fleet is called; the app's own name where there is one host.</summary>
    public string Key => Host.Tag is { } tag ? $"{tag}/{App.Name}" : App.Name;

    /// <summary>The id of its card in the document. An app's name may hold any character, an id may not.</summary>
    public string Anchor =>
        "app-" + string.Concat(Key.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c.ToString() : $".{(int)c:x}"));

    /// <summary>The snapshot it is of.</summary>
    public FleetSnapshot Snapshot => Host.Snapshot!;
}
