using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Components.Pages.Networks;
using Xunit;

namespace FleetDashboard.Tests.Web;

public sealed class NetworksModelTests
{
    [Theory]
    [InlineData("172.31.8.0/24", "172.31.8.0/24")]
    [InlineData("172.31.8.77/24", "172.31.8.0/24")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("fd00:42::5/64", "fd00:42::/64")]
    [InlineData("::/0", "::/0")]
    [InlineData("10.0.0.1/32", "10.0.0.1/32")]
    public void Cidr_Valid_IsParsedAndWritten(string text, string expected)
    {
        Assert.True(Cidr.TryParse(text, out var cidr));
        Assert.Equal(expected, cidr.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/33")]
    [InlineData("fd00::/129")]
    [InlineData("x/8")]
    [InlineData("10.0.0.0/-1")]
    public void Cidr_Malformed_IsRejected(string? text) => Assert.False(Cidr.TryParse(text, out _));

    [Theory]
    [InlineData("10.0.0.0/8", "10.3.0.0/24", true)]
    [InlineData("10.0.0.0/25", "10.0.0.128/25", false)]
    [InlineData("::/0", "0.0.0.0/0", false)]
    [InlineData("fd00::/16", "fd00:42::/64", true)]
    public void Cidr_TwoRanges_OverlapIfTheyShareAnAddress(string one, string other, bool overlap) =>
        Assert.Equal((overlap, overlap), (Range(one).Overlaps(Range(other)), Range(other).Overlaps(Range(one))));

    [Theory]
    [InlineData("172.31.8.0/24", "172.31.8.12", ".12")]
    [InlineData("172.17.0.0/16", "172.17.3.12", ".3.12")]
    [InlineData("172.31.42.128/28", "172.31.42.130", ".130")]
    [InlineData("fd00:42::/64", "fd00:42::1f", "::1f")]
    public void Cidr_TailOfAnAddress_IsItsDistinctPart(string range, string address, string tail) =>
        Assert.Equal(tail, Range(range).Tail(address));

    [Theory]
    [InlineData("macvlan", "eth0", "ipvlan", "eth0", 0)]
    [InlineData("ipvlan", "eth0.10", "ipvlan", "eth0.10", 0)]
    [InlineData("ipvlan", "eth0", "ipvlan", "eth0.10", 1)]
    [InlineData("macvlan", null, "macvlan", null, 1)]
    [InlineData("macvlan", "eth0", "bridge", "eth0", 1)]
    [InlineData("bridge", null, "bridge", null, 1)]
    public void Overlaps_NetworksOnOneLanSegment_AreIgnored(
        string oneDriver,
        string? oneParent,
        string otherDriver,
        string? otherParent,
        int overlaps
    )
    {
        var snapshot = Snapshots.Fleet() with
        {
            Networks =
            [
                new("1", "lan", oneDriver, false, [new("192.168.1.0/24", "192.168.1.1")], []) { Parent = oneParent },
                new("2", "cameras", otherDriver, false, [new("192.168.1.128/25", "192.168.1.1")], []) { Parent = otherParent },
            ],
        };

        Assert.Equal(overlaps, NetworkMap.From(Views.From(snapshot)).Overlaps.Count);
    }

    [Fact]
    public void Overlaps_IncludeARangeInsideAnother()
    {
        var found = SubnetOverlap.Find([
            ("1", "wide", Range("10.0.0.0/8")),
            ("2", "inner", Range("10.1.0.0/16")),
            ("3", "innermost", Range("10.1.1.0/24")),
            ("4", "apart", Range("192.168.0.0/24")),
            ("5", "six", Range("fd00::/8")),
            ("5", "six", Range("fd00:1::/64")),
        ]);

        Assert.Equal(["wide+inner", "wide+innermost", "inner+innermost"], found.Select(pair => $"{pair.OneNetwork}+{pair.OtherNetwork}"));
    }

    [Fact]
    public void Overlaps_SameRangeTwice_AreOne() =>
        Assert.Single(SubnetOverlap.Find([("1", "a", Range("10.0.0.0/24")), ("2", "b", Range("10.0.0.0/24"))]));

    [Fact]
    public void Overlaps_OfThousandsOfNetworks_AreFoundQuickly() =>
        Assert.Empty(SubnetOverlap.Find(Enumerable.Range(0, 5000).Select(i => ($"{i}", $"n{i}", Range($"10.{i / 250}.{i % 250}.0/24")))));

    [Theory]
    [InlineData("172.31.0.0/16", 24, "172.31.0.0/24 172.31.3.0/24 172.31.4.0/24")]
    [InlineData("172.31.0.0/16", 25, "172.31.0.0/25 172.31.0.128/25 172.31.2.128/25")]
    [InlineData("172.31.0.0/16", 22, "172.31.4.0/22 172.31.12.0/22 172.31.16.0/22")]
    [InlineData("172.31.8.0/24", 24, "")]
    [InlineData("172.31.8.0/24", 16, "")]
    [InlineData("fd00:42::/48", 64, "fd00:42:0:1::/64 fd00:42:0:2::/64 fd00:42:0:3::/64")]
    [InlineData("255.255.255.0/24", 25, "255.255.255.0/25")]
    public void FreeSubnets_AreTheLowestUnusedOnes(string pool, int prefix, string expected)
    {
        Cidr[] used =
        [
            Range("172.31.1.0/24"),
            Range("172.31.2.0/25"),
            Range("172.31.8.0/22"),
            Range("fd00:42::/64"),
            Range("255.255.255.128/25"),
        ];

        Assert.Equal(expected, string.Join(' ', FreeSubnets.In(Range(pool), prefix, used).Take(3)));
    }

    [Fact]
    public void FreeSubnets_OfAFullPool_AreEmpty() => Assert.Empty(FreeSubnets.In(Range("10.0.0.0/8"), 24, [Range("0.0.0.0/0")]));

    [Fact]
    public void Pools_StartWithTheMostUsedBlocks() =>
        Assert.Equal(
            ["172.31.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "10.0.0.0/8"],
            FreeSubnets
                .Pools([Range("172.31.1.0/24"), Range("172.31.9.0/24"), Range("172.17.0.0/16")], v6: false)
                .Select(pool => pool.ToString())
        );

    [Fact]
    public void Map_IsInAddressOrder_WithGatewayMembersAndFreeSpace()
    {
        var map = NetworkMap.From(Views.From(PlaceFleets.Fleet()));
        var edge = map.Rows.Single(row => row.Name == "edge_default");

        Assert.Equal("172.17.0.0/16", map.Rows[0].Subnet);
        Assert.Equal([".1 gateway", ".2 proxy", ".3 dns ×2", "old"], edge.Cells.Select(cell => cell.Text));
        Assert.Equal(("251 free", "1 %", 3), (edge.Free, edge.FullText, edge.Members));
        Assert.Equal("fd00:42::/64", map.Rows[^1].Subnet);
        Assert.Equal("plenty free", map.Rows[^1].Free);
    }

    [Fact]
    public void Map_OverlappingRanges_ListEachOther() =>
        Assert.Equal(
            "edge_admin 172.31.42.128/28",
            Assert.Single(NetworkMap.From(Views.From(PlaceFleets.Fleet())).Rows.Single(row => row.Name == "edge_default").Overlaps)
        );

    [Fact]
    public void Map_HostNoneAndShared_HaveLanes() =>
        Assert.Equal(
            ["host: edge-exporter-1", "none: edge-batch-1", "shared: edge-sidecar-1 in edge-proxy-1"],
            NetworkMap.From(Views.From(PlaceFleets.Fleet())).Lanes.Select(lane => $"{lane.Title}: {lane.Cells[0].Name}")
        );

    [Fact]
    public void Map_SameSnapshotContent_GivesEqualRows() =>
        Assert.Equal(NetworkMap.From(Views.From(PlaceFleets.Fleet(1))).Rows, NetworkMap.From(Views.From(PlaceFleets.Fleet(2))).Rows);

    [Fact]
    public void Map_MalformedSubnet_IsShownAsText()
    {
        var snapshot = Snapshots.Create([]) with
        {
            Networks =
            [
                new NetworkSnapshot("1", "odd", "macvlan", false, [new NetworkSubnet("what?", null)], []),
                new NetworkSnapshot("2", "none at all", "ipvlan", false, [], []),
            ],
        };

        Assert.Equal(
            ["none at all no subnet –", "odd what? –"],
            NetworkMap.From(Views.From(snapshot)).Rows.Select(row => $"{row.Name} {row.Subnet} {row.FullText}")
        );
    }

    private static Cidr Range(string text) => Cidr.TryParse(text, out var cidr) ? cidr : throw new FormatException(text);
}
