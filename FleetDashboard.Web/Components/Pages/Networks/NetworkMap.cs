using System.Globalization;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Networks;

/// <summary>Every network of a snapshot in address order, what overlaps, and who has no network of its own. Pure; made once for each snapshot.</summary>
internal sealed class NetworkMap
{
    private const int EndlessBits = 20;

    private NetworkMap(FleetSnapshot? snapshot, ValueList<NetworkRow> rows, IReadOnlyList<SubnetOverlap> overlaps, ValueList<Lane> lanes) =>
        (Snapshot, Rows, Overlaps, Lanes) = (snapshot, rows, overlaps, lanes);

    public FleetSnapshot? Snapshot { get; }
    public ValueList<NetworkRow> Rows { get; }
    public IReadOnlyList<SubnetOverlap> Overlaps { get; }
    public ValueList<Lane> Lanes { get; }
    public IReadOnlyCollection<Cidr> Used => [.. Rows.Select(row => row.Range).OfType<Cidr>()];

    public static NetworkMap For(FleetSnapshot? snapshot, NetworkMap? last) => last is not null && ReferenceEquals(last.Snapshot, snapshot) ? last : Of(snapshot);

    public static NetworkMap Of(FleetSnapshot? snapshot)
    {
        var networks = (snapshot?.Networks ?? []).Where(network => network.Driver is not ("host" or "null")).ToList();
        var known = (snapshot?.Apps ?? []).SelectMany(app => app.Containers.Select(container => (App: app, Container: container)))
            .GroupBy(pair => pair.Container.Name).ToDictionary(group => group.Key, group => group.First());
        var counts = networks.SelectMany(network => network.Members.Select(member => member.Container)).CountBy(name => name).ToDictionary();
        var ranges =
            from network in networks
            from subnet in network.Subnets.DefaultIfEmpty()
            select (Network: network, Subnet: subnet, Range: Cidr.TryParse(subnet?.Cidr, out var range) ? range : (Cidr?)null);
        var all = ranges.ToList();
        var overlaps = SubnetOverlap.Find(all.Where(one => one.Range is not null).Select(one => (one.Network.Id, one.Network.Name, one.Range!.Value)));
        var touching = overlaps.SelectMany(pair => new[] { ((pair.OneNetwork, pair.One), $"{pair.OtherNetwork} {pair.Other}"), ((pair.OtherNetwork, pair.Other), $"{pair.OneNetwork} {pair.One}") })
            .ToLookup(pair => pair.Item1, pair => pair.Item2);
        var rows = all.Select(one => Row(one.Network, one.Subnet, one.Range))
            .OrderBy(row => row.RangeOrder, StringComparer.Ordinal).ThenBy(row => row.Name, StringComparer.Ordinal);
        return new NetworkMap(snapshot, new(rows), overlaps, new(Lane.All(known.Values)));

        NetworkRow Row(NetworkSnapshot network, NetworkSubnet? subnet, Cidr? range)
        {
            var members = network.Members.SelectMany(member => Cells(member, range)).OrderBy(cell => cell.Item1).ThenBy(cell => cell.Item2.Name, StringComparer.Ordinal).Select(cell => cell.Item2);
            ValueList<AddressCell> cells = new([.. Gateway(subnet, range), .. members]);
            var used = cells.Select(cell => cell.Address).Where(address => address.Length > 0).Distinct().Count();
            var apps = network.Members.Select(member => member.App).Distinct().Order(StringComparer.OrdinalIgnoreCase).Select(app => new AppName(app, TitleOf(app)));
            var row = new NetworkRow
            {
                NetworkId = network.Id,
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
                Overlaps = range is { } here ? new(touching[(network.Name, here)]) : default,
                SearchText = "",
            };
            return row with { SearchText = string.Join('\n', [row.Name, row.Driver, row.Subnet, row.Gateway, network.Internal ? "internal" : "", .. row.Apps.SelectMany(app => new[] { app.Name, app.Title }), .. cells.SelectMany(cell => new[] { cell.Container, cell.Address })]).ToLowerInvariant() };
        }

        IEnumerable<(UInt128, AddressCell)> Cells(NetworkMember member, Cidr? range)
        {
            var (name, color) = known.TryGetValue(member.Container, out var found) ? (found.Container.Service, found.Container.Color) : (member.Container, HealthColor.Grey);
            var here = member.Addresses.Where(address => Cidr.TryAddress(address, out var v6, out var value) && range?.Contains(v6, value) == true).ToList();
            // One without any address does not run; it is shown where the network begins.
            return member.Addresses.IsEmpty && range is null or { V6: false }
                ? [(UInt128.MaxValue, new AddressCell(CellKind.Member, "", "", name, member.Container, color, counts[member.Container]))]
                : here.Select(address => (Cidr.TryAddress(address, out _, out var value) ? value : 0, new AddressCell(CellKind.Member, address, range!.Value.Tail(address), name, member.Container, color, counts[member.Container])));
        }

        string TitleOf(string app) => snapshot!.Apps.FirstOrDefault(one => one.Name == app)?.Title ?? app;
    }

    private static IEnumerable<AddressCell> Gateway(NetworkSubnet? subnet, Cidr? range) =>
        subnet?.Gateway is { Length: > 0 } gateway && range is { } here && Cidr.TryAddress(gateway, out var v6, out var value) && here.Contains(v6, value)
            ? [new AddressCell(CellKind.Gateway, gateway, here.Tail(gateway), "gateway", "", HealthColor.Grey, 1)]
            : [];

    private static string FreeText(Cidr range, int used) => range.Bits - range.Prefix > EndlessBits
        ? "plenty free"
        : string.Create(CultureInfo.InvariantCulture, $"{(long)range.Usable - used:#,0} free");
}

/// <summary>Containers without a network of their own, by what they use instead.</summary>
public sealed record Lane(string Title, string Tip, ValueList<AddressCell> Cells)
{
    private const string Shared = "container:";

    public static IEnumerable<Lane> All(IEnumerable<(AppSnapshot App, ContainerSnapshot Container)> containers)
    {
        var all = containers.Select(pair => pair.Container).OrderBy(container => container.Name, StringComparer.Ordinal).ToList();
        return new[]
        {
            new Lane("host", "the host's own network: every port they listen on is open there", Of(all, "host", container => container.Name)),
            new Lane("none", "no network at all", Of(all, "none", container => container.Name)),
            new Lane("shared", "inside another container's network", Of(all, Shared, container => $"{container.Name} in {container.NetworkMode[Shared.Length..]}")),
        }.Where(lane => lane.Cells.Count > 0);
    }

    private static ValueList<AddressCell> Of(List<ContainerSnapshot> containers, string mode, Func<ContainerSnapshot, string> name) => new(containers
        .Where(container => mode == Shared ? container.NetworkMode.StartsWith(Shared, StringComparison.Ordinal) : container.NetworkMode == mode)
        .Select(container => new AddressCell(CellKind.Member, "", "", name(container), container.Name, container.Color, 1)));
}
