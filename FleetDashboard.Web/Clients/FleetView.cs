using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// The latest view of the whole fleet: every host. Immutable, shared by all viewers. An unchanged host is the same instance as in the last
/// view, so that models built from it can be reused.
/// </summary>
public sealed class FleetView
{
    private FleetView(ImmutableArray<HostView> hosts, ImmutableArray<string> warnings)
    {
        (Hosts, Warnings) = (hosts, warnings);
        Apps = [.. hosts.SelectMany(host => host.Snapshot?.Apps ?? [], (host, app) => new FleetApp(host, app))];
    }

    /// <summary>Before the first host has answered.</summary>
    public static FleetView Nothing { get; } = new([], []);

    /// <summary>Configured hosts in their order, then discovered hosts by name.</summary>
    public ImmutableArray<HostView> Hosts { get; }

    /// <summary>Every app of every host, host by host, each in its snapshot's order.</summary>
    public ImmutableArray<FleetApp> Apps { get; }

    /// <summary>Warnings about the hosts themselves, as sentences.</summary>
    public ImmutableArray<string> Warnings { get; }

    public bool IsSeveral => Hosts.Length > 1;

    /// <summary>True once a host has sent a snapshot.</summary>
    public bool IsKnown => Hosts.Any(host => host.Snapshot is not null);

    /// <summary>True before the first snapshot, while nothing is wrong.</summary>
    public bool IsWaiting => !IsKnown && Hosts.All(host => host.Connection == ConnectionState.Connecting);

    /// <summary>True while the page may show colours, namely those of the hosts that answer.</summary>
    public bool IsCurrent => Hosts.Any(host => host.IsCurrent);

    /// <summary>The hosts by name in a sentence: <c>lab-1</c>, <c>any of 3 hosts</c>.</summary>
    public string Place => Hosts.Length == 1 ? Hosts[0].Name : $"any of {Hosts.Length} hosts";

    /// <summary>The view of these hosts, with unique names. Unchanged hosts are taken from <paramref name="last"/>.</summary>
    public static FleetView Merge(IEnumerable<HostView> heard, IEnumerable<string> warnings, FleetView? last = null)
    {
        var (hosts, twice) = HostNames.Apart([.. heard]);
        var known = (last?.Hosts ?? []).ToDictionary(host => host.Collector);
        return new FleetView(
            [.. hosts.Select(host => known.TryGetValue(host.Collector, out var same) && same == host ? same : host)],
            [.. warnings, .. twice]
        );
    }

    /// <summary>The warnings of the hosts' Collectors, each with the host's name where there are several.</summary>
    public IEnumerable<string> HostWarnings() =>
        Hosts.SelectMany(host => host.Snapshot?.Warnings ?? [], (host, warning) => host.Tag is { } tag ? $"{tag}: {warning}" : warning);

    public HostView? Host(string? name) => name is null ? null : Hosts.FirstOrDefault(host => host.Name == name);

    /// <summary>The host's name for addresses of the page, by its Collector; null where the fleet has one host.</summary>
    public string? TagOf(Uri collector) => Hosts.FirstOrDefault(host => host.Collector == collector)?.Tag;

    /// <summary>
    /// The app with this name on a host, or on the first host that has one. A slash in the name arrives escaped when the server splits the
    /// path, and decoded when the browser does.
    /// </summary>
    public FleetApp? Find(string name, string? host = null)
    {
        var decoded = name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var apps = Apps.Where(app => host is null || app.Host.Name == host).ToList();
        return apps.FirstOrDefault(app => app.App.Name == name) ?? apps.FirstOrDefault(app => app.App.Name == decoded);
    }

    /// <summary>The container with this id or with an id that starts like this, and its app.</summary>
    public (FleetApp? App, ContainerSnapshot? Container) FindContainer(string id) =>
        id.Length < ShortestId
            ? default
            : Apps.SelectMany(app => app.App.Containers, (app, container) => (app, container))
                .FirstOrDefault(pair => pair.container.Id.StartsWith(id, StringComparison.Ordinal));

    /// <summary>The length of ids in Docker's own tools. It identifies a container in a fleet and is short to send.</summary>
    public const int ShortestId = 12;
}

/// <summary>An app with its host: several hosts may have apps of the same name.</summary>
/// <param name="Host">The host.</param>
/// <param name="App">The app from that host's snapshot.</param>
public sealed record FleetApp(HostView Host, AppSnapshot App)
{
    /// <summary>Unique in the fleet; the app's own name where there is one host.</summary>
    public string Key => Host.Tag is { } tag ? $"{tag}/{App.Name}" : App.Name;

    /// <summary>The id of its card in the document. An app's name may hold any character, an id may not.</summary>
    public string Anchor =>
        "app-" + string.Concat(Key.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c.ToString() : $".{(int)c:x}"));

    /// <summary>The snapshot it is of.</summary>
    public FleetSnapshot Snapshot => Host.Snapshot!;
}
