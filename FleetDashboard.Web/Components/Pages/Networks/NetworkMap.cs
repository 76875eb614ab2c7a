using System.Globalization;
using System.Runtime.CompilerServices;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Networks;

/// <summary>
/// Every network of the fleet in address order, the overlaps, and the containers without a network of their own. Immutable, built once per
/// view for all viewers.
/// </summary>
internal sealed class NetworkMap
{
    private const int EndlessBits = 20;
    private static readonly ConditionalWeakTable<FleetView, NetworkMap> Maps = [];

    private NetworkMap(
        ValueList<NetworkRow> rows,
        IReadOnlyList<SubnetOverlap> overlaps,
        ValueList<CrossOverlap> across,
        ValueList<Lane> lanes
    ) => (Rows, Overlaps, Across, Lanes) = (rows, overlaps, across, lanes);

    public ValueList<NetworkRow> Rows { get; }

    /// <summary>Overlapping ranges of networks on one host. Traffic to such an address may reach the wrong network.</summary>
    public IReadOnlyList<SubnetOverlap> Overlaps { get; }

    /// <summary>Ranges used on several hosts.</summary>
    public ValueList<CrossOverlap> Across { get; }

    public ValueList<Lane> Lanes { get; }
    public IReadOnlyCollection<Cidr> Used => [.. Rows.Select(row => row.Range).OfType<Cidr>()];

    public static NetworkMap From(FleetView view) => Maps.GetValue(view, Make);

    private static NetworkMap Make(FleetView view)
    {
        var networks = PlacedNetwork.All(view);
        var known = view
            .Apps.SelectMany(app => app.App.Containers.Select(container => (App: app, Container: container)))
            .GroupBy(pair => (pair.App.Host.Collector, pair.Container.Name))
            .ToDictionary(group => group.Key, group => group.First());
        var counts = networks
            .SelectMany(network => network.Members.Select(one => (one.Host.Collector, one.Member.Container)))
            .CountBy(name => name)
            .ToDictionary();
        var ranges =
            from network in networks
            from subnet in network.Network.Subnets.DefaultIfEmpty()
            select (Network: network, Subnet: subnet, Range: Cidr.TryParse(subnet?.Cidr, out var range) ? range : (Cidr?)null);
        var all = ranges.ToList();
        var ranged = all.Where(one => one.Range is not null).Select(one => (one.Network, Range: one.Range!.Value)).ToList();
        var overlaps = view.Hosts.SelectMany(host => OverlapsOn(host, ranged)).ToList();
        var touching = overlaps
            .SelectMany(pair =>
                new[]
                {
                    ((pair.Host, pair.OneNetwork, pair.One), $"{pair.OtherNetwork} {pair.Other}"),
                    ((pair.Host, pair.OtherNetwork, pair.Other), $"{pair.OneNetwork} {pair.One}"),
                }
            )
            .ToLookup(pair => pair.Item1, pair => pair.Item2);
        var rows = all.Select(one => Row(one.Network, one.Subnet, one.Range))
            .OrderBy(row => row.RangeOrder, StringComparer.Ordinal)
            .ThenBy(row => row.Name, StringComparer.Ordinal)
            .ThenBy(row => row.HostsText, StringComparer.Ordinal);
        return new NetworkMap(new(rows), overlaps, view.IsSeveral ? CrossOverlap.Find(ranged) : default, new(Lane.All(known.Values)));

        NetworkRow Row(PlacedNetwork placed, NetworkSubnet? subnet, Cidr? range)
        {
            var network = placed.Network;
            var members = placed
                .Members.SelectMany(one => Cells(one.Host, one.Member, range))
                .OrderBy(cell => cell.Item1)
                .ThenBy(cell => cell.Item2.Name, StringComparer.Ordinal)
                .Select(cell => cell.Item2);
            ValueList<AddressCell> cells = new([.. Gateway(subnet, range), .. members]);
            var used = cells.Select(cell => cell.Address).Where(address => address.Length > 0).Distinct().Count();
            var apps = placed
                .Members.Select(one => (one.Host, one.Member.App))
                .Distinct()
                .OrderBy(one => one.App, StringComparer.OrdinalIgnoreCase)
                .Select(one => new AppName(one.Host.Tag, one.App, view.Find(one.App, one.Host.Name)?.App.Title ?? one.App));
            var row = new NetworkRow
            {
                NetworkId = placed.Key,
                Hosts = new(placed.Hosts.Select(host => host.Tag).OfType<string>()),
                Name = network.Name,
                Driver = network.Driver,
                Internal = network.Internal,
                Range = range,
                Subnet = subnet?.Cidr ?? "no subnet",
                Gateway = subnet?.Gateway ?? "",
                Cells = cells,
                Apps = new(apps),
                Free = range is { } whole ? FreeText(whole, used) : "",
                Full = range is { } size ? Math.Min(100, 100 * used / (double)size.Usable) : null,
                Overlaps = range is { } here
                    ? new(placed.Hosts.SelectMany(host => touching[(host.Tag, network.Name, here)]).Distinct())
                    : default,
                SearchText = "",
            };
            return row with
            {
                SearchText = string.Join(
                        '\n',
                        [
                            row.Name,
                            row.Driver,
                            row.Subnet,
                            row.Gateway,
                            network.Internal ? "internal" : "",
                            .. row.Hosts,
                            .. row.Apps.SelectMany(app => new[] { app.Name, app.Title }),
                            .. cells.SelectMany(cell => new[] { cell.Container, cell.Address }),
                        ]
                    )
                    .ToLowerInvariant(),
            };
        }

        IEnumerable<(UInt128, AddressCell)> Cells(HostView host, NetworkMember member, Cidr? range)
        {
            var (name, color) = known.TryGetValue((host.Collector, member.Container), out var found)
                ? (found.Container.Service, host.IsGreyed ? HealthColor.Grey : found.Container.Color)
                : (member.Container, HealthColor.Grey);
            var here = member
                .Addresses.Where(address => Cidr.TryAddress(address, out var v6, out var value) && range?.Contains(v6, value) == true)
                .ToList();
            // A container without an address is not running. It is shown in the network's first range.
            return member.Addresses.IsEmpty && range is null or { V6: false }
                ?
                [
                    (
                        UInt128.MaxValue,
                        new AddressCell(
                            CellKind.Member,
                            "",
                            "",
                            name,
                            FullName(host, member.Container),
                            color,
                            counts[(host.Collector, member.Container)]
                        )
                    ),
                ]
                : here.Select(address =>
                    (
                        Cidr.TryAddress(address, out _, out var value) ? value : 0,
                        new AddressCell(
                            CellKind.Member,
                            address,
                            range!.Value.Tail(address),
                            name,
                            FullName(host, member.Container),
                            color,
                            counts[(host.Collector, member.Container)]
                        )
                    )
                );
        }
    }

    private static string FullName(HostView host, string container) => host.Tag is { } tag ? $"{container} on {tag}" : container;

    private static IEnumerable<SubnetOverlap> OverlapsOn(HostView host, IEnumerable<(PlacedNetwork Network, Cidr Range)> ranges) =>
        SubnetOverlap.Find(
            ranges
                .Where(one => one.Network.Hosts.Contains(host))
                .Select(one => (Segment(one.Network), one.Network.Network.Name, one.Range)),
            host.Tag
        );

    // macvlan and ipvlan networks on the same parent interface are one segment of the LAN. Sharing its range is intended, not an overlap.
    private static string Segment(PlacedNetwork placed) =>
        placed.Network is { Driver: "macvlan" or "ipvlan", Parent: { Length: > 0 } parent } ? $"segment of {parent}" : placed.Key;

    private static IEnumerable<AddressCell> Gateway(NetworkSubnet? subnet, Cidr? range) =>
        subnet?.Gateway is { Length: > 0 } gateway
        && range is { } here
        && Cidr.TryAddress(gateway, out var v6, out var value)
        && here.Contains(v6, value)
            ? [new AddressCell(CellKind.Gateway, gateway, here.Tail(gateway), "gateway", "", HealthColor.Grey, 1)]
            : [];

    private static string FreeText(Cidr range, int used) =>
        range.Bits - range.Prefix > EndlessBits
            ? "plenty free"
            : string.Create(CultureInfo.InvariantCulture, $"{(long)range.Usable - used:#,0} free");
}

/// <summary>Containers without a network of their own, by what they use instead.</summary>
public sealed record Lane(string Title, string Tip, ValueList<AddressCell> Cells)
{
    private const string Shared = "container:";

    public static IEnumerable<Lane> All(IEnumerable<(FleetApp App, ContainerSnapshot Container)> containers)
    {
        var all = containers
            .OrderBy(pair => pair.Container.Name, StringComparer.Ordinal)
            .ThenBy(pair => pair.App.Host.Tag, StringComparer.Ordinal)
            .ToList();
        return new[]
        {
            new Lane(
                "host",
                "the host's own network: every port they listen on is open on the host",
                From(all, "host", container => container.Name)
            ),
            new Lane("none", "no network", From(all, "none", container => container.Name)),
            new Lane(
                "shared",
                "the network of another container",
                From(all, Shared, container => $"{container.Name} in {container.NetworkMode[Shared.Length..]}")
            ),
        }.Where(lane => lane.Cells.Count > 0);
    }

    private static ValueList<AddressCell> From(
        List<(FleetApp App, ContainerSnapshot Container)> containers,
        string mode,
        Func<ContainerSnapshot, string> name
    ) =>
        new(
            containers
                .Where(one =>
                    mode == Shared
                        ? one.Container.NetworkMode.StartsWith(Shared, StringComparison.Ordinal)
                        : one.Container.NetworkMode == mode
                )
                .Select(one => new AddressCell(
                    CellKind.Member,
                    "",
                    "",
                    $"{name(one.Container)}{(one.App.Host.Tag is { } host ? $" ({host})" : "")}",
                    one.Container.Name,
                    one.App.Host.IsGreyed ? HealthColor.Grey : one.Container.Color,
                    1
                ))
        );
}
