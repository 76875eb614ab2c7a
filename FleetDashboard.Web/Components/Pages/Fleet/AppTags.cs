using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Fleet;

/// <summary>Where an app lives, as tags: its ports, its subnets, its databases.</summary>
internal static class AppTags
{
    private const int MostOfAKind = 6;

    public static IEnumerable<Tag> From(FleetApp placed, IReadOnlyDictionary<string, string> services) =>
        [
            .. Capped(Ports(placed, services), "ports", Links.PortsOf(placed)),
            .. Capped(Subnets(placed), "subnets", Links.App(placed)),
            .. Capped(placed.App.Databases.Select(DescribeDatabase), "databases", Links.App(placed)),
        ];

    private static IEnumerable<Tag> Ports(FleetApp placed, IReadOnlyDictionary<string, string> services) =>
        // 0.0.0.0 and :: are shown as one claim.
        placed
            .App.Ports.GroupBy(port => (port.Port, port.Protocol, port.Container, Reach: Reach(port.Address)))
            .Select(group => OfPort(group.First() with { Conflict = group.Any(port => port.Conflict) }, services, placed.Host.Tag));

    private static Tag OfPort(PortSnapshot port, IReadOnlyDictionary<string, string> services, string? host)
    {
        var (number, reach) = (port.Port == 0 ? "any" : $"{port.Port}", Reach(port.Address));
        var text = string.Join(
            " · ",
            new[]
            {
                services.GetValueOrDefault(port.Container, port.Container),
                port.Protocol == "tcp" ? null : port.Protocol,
                reach == "local" ? reach : null,
                port.Conflict ? "conflict" : null,
            }.Where(part => part is not null)
        );
        var strong = reach is "all" or "local" ? $":{number}" : $"{reach}:{number}";
        var tip = $"{port.Address} port {number}/{port.Protocol} to port {port.Target} of {port.Container}";
        return new Tag(
            strong,
            text,
            port.Conflict ? $"{tip}; another container claims it too" : tip,
            port.Conflict,
            port.Port == 0 ? null : Links.Port(port.Port, host)
        );
    }

    private static string Reach(string address) =>
        address switch
        {
            "" or "0.0.0.0" or "::" => "all",
            "::1" => "local",
            _ when address.StartsWith("127.", StringComparison.Ordinal) => "local",
            _ when address.Contains(':', StringComparison.Ordinal) => $"[{address}]",
            _ => address,
        };

    private static IEnumerable<Tag> Subnets(FleetApp placed) =>
        from network in placed.App.Networks
        from text in network.Subnets.DefaultIfEmpty(network.Driver is "host" or "null" ? $"{network.Name} network" : network.Name)
        select new Tag(
            null,
            text,
            $"network {network.Name}, {network.Driver}",
            Href: network.Driver is "host" or "null" ? null : Links.NetworksOf(network.Name, placed.Host.Tag)
        );

    private static Tag DescribeDatabase(DatabaseSnapshot database)
    {
        var kind = StateText.DescribeDatabase(database.Kind);
        var tip = $"database {database.Name} in {database.Container}";
        return database switch
        {
            { Bytes: { } bytes } => new Tag(
                null,
                $"{kind} {Format.Bytes(bytes)}{Growth(database.GrowthBytes)}",
                database.Error is { } old ? $"{tip}; not measured again: {old}" : tip
            ),
            { Error: { } error } => new Tag(null, $"{kind}: {error}", tip),
            _ => new Tag(null, $"{kind} not measured yet", tip),
        };
    }

    // Smaller changes are normal activity of the server.
    private static string Growth(long? bytes) =>
        bytes switch
        {
            null or (> -10_000 and < 10_000) => "",
            { } change => $" · {(change < 0 ? "−" : "+")}{Format.Bytes(Math.Abs((double)change))} a day",
        };

    private static IEnumerable<Tag> Capped(IEnumerable<Tag> tags, string what, string href)
    {
        var all = tags.ToList();
        if (all.Count <= MostOfAKind + 1)
        {
            return all;
        }
        var rest = all.Skip(MostOfAKind).Select(tag => $"{tag.Strong} {tag.Text}".Trim());
        return all.Take(MostOfAKind).Append(new Tag(null, $"+{all.Count - MostOfAKind} {what}", string.Join(", ", rest), Href: href));
    }
}
