using System.Globalization;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Networks;

/// <summary>One range of a network, or a network without a range: a row of the picture and of the table.</summary>
public sealed record NetworkRow
{
    public required string NetworkId { get; init; }
    public required string Name { get; init; }

    /// <summary>The hosts that have the network. Empty if the fleet has one host.</summary>
    public required ValueList<string> Hosts { get; init; }
    public required string Driver { get; init; }
    public required bool Internal { get; init; }
    public required Cidr? Range { get; init; }
    public required string Subnet { get; init; }
    public required string Gateway { get; init; }
    public required ValueList<AddressCell> Cells { get; init; }
    public required ValueList<AppName> Apps { get; init; }
    public required string Free { get; init; }

    /// <summary>The share of usable addresses in use, 0 to 100. Null if there is no range.</summary>
    public required double? Full { get; init; }

    /// <summary>Names and ranges of the networks that overlap this range.</summary>
    public required ValueList<string> Overlaps { get; init; }
    public required string SearchText { get; init; }

    public string Id => $"{NetworkId}/{Subnet}";
    public int Members => Cells.Count(cell => cell.Kind == CellKind.Member);
    public string FullText =>
        Full is { } full
            ? full is > 0 and < 1
                ? "< 1 %"
                : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(full)} %")
            : Meter.None;

    public string HostsText => string.Join(", ", Hosts);

    // Sort keys of the grid.
    public double FullOrder => Full ?? -1;
    public string RangeOrder => Range is { } range ? $"{(range.V6 ? 1 : 0)}{range.First:x32}{range.Prefix:000}" : "~";
    public string AppsOrder => string.Join(", ", Apps.Select(app => app.Title));

    public bool Finds(string[] words) => Array.TrueForAll(words, word => SearchText.Contains(word, StringComparison.Ordinal));
}

/// <summary>An app's name and title, and the tag of its host.</summary>
public sealed record AppName(string? Host, string Name, string Title);

public enum CellKind
{
    Gateway,
    Member,
}

/// <summary>One address in the picture.</summary>
/// <param name="Kind">A gateway or a container.</param>
/// <param name="Address">The whole address. Empty for a container that is not running and therefore has none.</param>
/// <param name="Tail">The part that distinguishes it within the range.</param>
/// <param name="Name">The container's service name.</param>
/// <param name="Container">The container's full name.</param>
/// <param name="Color">The container's colour.</param>
/// <param name="Networks">The number of networks that the container is on.</param>
public sealed record AddressCell(CellKind Kind, string Address, string Tail, string Name, string Container, HealthColor Color, int Networks)
{
    private const double CharWidth = 6.62; // width of a monospaced character at 11 px
    private const int LongestName = 40;

    public string Text =>
        $"{Tail} {(Name.Length > LongestName ? Name[..(LongestName - 1)] + "…" : Name)}{(Networks > 1 ? $" ×{Networks}" : "")}".Trim();

    public int Width => 16 + (int)Math.Ceiling(Text.Length * CharWidth);
}
