using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Ports;

/// <summary>One published port as a row. Its IPv4 and IPv6 addresses share a row, and so do consecutive ports.</summary>
public sealed record PortRow
{
    /// <summary>The host's tag. Null if the fleet has one host.</summary>
    public required string? Host { get; init; }

    public required string App { get; init; }
    public required string AppTitle { get; init; }
    public required string Container { get; init; }
    public required string Service { get; init; }
    public required string Addresses { get; init; }
    public required Reach Reach { get; init; }
    public required string Protocol { get; init; }

    /// <summary>The first port on the host. 0 until the engine has chosen one.</summary>
    public required int First { get; init; }

    public required int Last { get; init; }

    /// <summary>The first port in the container. Further ports of a range follow it.</summary>
    public required int Target { get; init; }

    public required bool Conflict { get; init; }
    public required HealthColor Color { get; init; }
    public required string State { get; init; }

    /// <summary>Whether the container is running, so that the port is open and not only claimed.</summary>
    public required bool Open { get; init; }

    /// <summary>Whether the fleet has several hosts and this one does not answer.</summary>
    public required bool IsGreyed { get; init; }

    /// <summary>The text that the search matches, in lower case.</summary>
    public required string SearchText { get; init; }

    public string Id => $"{Host}/{Container}/{Addresses}/{First}/{Protocol}/{Target}";
    public int Count => Last - First + 1;
    public string Ports => First == 0 ? "any" : Span(First, Last);
    public string Targets => Span(Target, Target + Last - First);

    // Sort keys of the grid.
    public int ReachOrder => (int)Reach;
    public int Severity => Open ? (int)Color : -1;

    public static string Span(int first, int last) => first == last ? $"{first}" : $"{first}–{last}";

    /// <summary>All rows of the fleet, by port.</summary>
    public static ValueList<PortRow> All(FleetView view) =>
        new(
            view.Apps.SelectMany(OfApp)
                .OrderBy(row => row.First)
                .ThenBy(row => row.Protocol, StringComparer.Ordinal)
                .ThenBy(row => row.Addresses, StringComparer.Ordinal)
                .ThenBy(row => row.Host, StringComparer.Ordinal)
                .ThenBy(row => row.Container, StringComparer.Ordinal)
        );

    public static IEnumerable<PortRow> OfApp(FleetApp placed)
    {
        var app = placed.App;
        var containers = app.Containers.DistinctBy(container => container.Name).ToDictionary(container => container.Name);
        return app
            .Ports.GroupBy(port =>
                (
                    port.Container,
                    port.Port,
                    port.Protocol,
                    port.Target,
                    Reach: HostAddress.ReachOf(port.Address),
                    One: OneAddress(port.Address)
                )
            )
            .Select(group => From(placed, containers.GetValueOrDefault(group.Key.Container), [.. group]))
            .GroupBy(row => (row.Container, row.Protocol, row.Addresses, row.Conflict, Offset: row.Target - row.First))
            .SelectMany(Folded);
    }

    // All interfaces, or loopback, count as one address for both families. Single addresses are listed separately.
    private static string? OneAddress(string address) => HostAddress.ReachOf(address) is Reach.One ? address : null;

    private static PortRow From(FleetApp placed, ContainerSnapshot? container, IReadOnlyList<PortSnapshot> ports)
    {
        var addresses = ports
            .Select(port => port.Address.Length == 0 ? HostAddress.AllV4 : port.Address)
            .Distinct()
            .OrderBy(HostAddress.IsV6)
            .ThenBy(address => address, StringComparer.Ordinal);
        var app = placed.App;
        var (port, service) = (ports[0], container?.Service ?? ports[0].Container);
        var row = new PortRow
        {
            Host = placed.Host.Tag,
            App = app.Name,
            AppTitle = app.Title,
            Container = port.Container,
            Service = service,
            Addresses = string.Join(", ", addresses),
            Reach = HostAddress.ReachOf(port.Address),
            Protocol = port.Protocol,
            First = port.Port,
            Last = port.Port,
            Target = port.Target,
            Conflict = ports.Any(one => one.Conflict),
            Color = container?.Color ?? HealthColor.Grey,
            State = container is null ? "Unknown" : StateText.Describe(container),
            Open = container?.HoldsPorts == true,
            IsGreyed = placed.Host.IsGreyed,
            SearchText = "",
        };
        return row with
        {
            SearchText = string.Join(
                    '\n',
                    row.Host,
                    row.App,
                    row.AppTitle,
                    row.Container,
                    row.Service,
                    row.Addresses,
                    row.Protocol,
                    row.State,
                    ReachText.Describe(row.Reach)
                )
                .ToLowerInvariant(),
        };
    }

    // In a run, both the host port and the container port increase by one, so their offset stays the same.
    private static IEnumerable<PortRow> Folded(IEnumerable<PortRow> rows)
    {
        PortRow? run = null;
        foreach (var row in rows.OrderBy(row => row.First))
        {
            if (run is { First: > 0 } && row.First == run.Last + 1)
            {
                run = run with { Last = row.Last };
                continue;
            }
            if (run is not null)
            {
                yield return run;
            }
            run = row;
        }
        if (run is not null)
        {
            yield return run;
        }
    }
}

internal static class ReachText
{
    public static string Describe(Reach reach) =>
        reach switch
        {
            Reach.All => "all interfaces",
            Reach.Loopback => "loopback",
            _ => "one address",
        };

    /// <summary>The value used in the page's address.</summary>
    public static string Name(Reach reach) =>
        reach switch
        {
            Reach.All => "all",
            Reach.Loopback => "loopback",
            _ => "one",
        };
}
