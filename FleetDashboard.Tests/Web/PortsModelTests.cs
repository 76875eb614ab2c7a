using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Components.Pages.Ports;
using FleetDashboard.Web.Components.Shared;
using Xunit;

namespace FleetDashboard.Tests.Web;

public sealed class PortsModelTests
{
    [Fact]
    public void Rows_BothFamilies_AreOneRow()
    {
        var row = Assert.Single(Rows(Tcp("0.0.0.0", 80), Tcp("::", 80)));

        Assert.Equal(("0.0.0.0, ::", Reach.All, "80"), (row.Addresses, row.Reach, row.Ports));
    }

    [Fact]
    public void Rows_TwoSingleAddresses_AreTwoRows() => Assert.Equal(2, Rows(Tcp("10.0.0.4", 80), Tcp("10.0.0.5", 80)).Count);

    [Fact]
    public void Rows_ConsecutivePortsAndTargets_AreOneRange()
    {
        var row = Assert.Single(
            Rows([.. Enumerable.Range(0, 11).SelectMany(i => new[] { Tcp("0.0.0.0", 8000 + i, 9000 + i), Tcp("::", 8000 + i, 9000 + i) })])
        );

        Assert.Equal(("8000–8010", "9000–9010", 11), (row.Ports, row.Targets, row.Count));
    }

    [Fact]
    public void Rows_ConsecutivePortsOfOneTarget_AreSeparate() =>
        Assert.Equal(2, Rows(Tcp("0.0.0.0", 8000, 80), Tcp("0.0.0.0", 8001, 80)).Count);

    [Fact]
    public void Rows_ConflictingPortInARange_IsSeparate() =>
        Assert.Equal(
            ["8000", "8001", "8002"],
            Rows(Tcp("0.0.0.0", 8000, 8000), Tcp("0.0.0.0", 8001, 8001) with { Conflict = true }, Tcp("0.0.0.0", 8002, 8002))
                .Select(row => row.Ports)
                .Order()
        );

    [Fact]
    public void Rows_OtherProtocol_IsAnotherRow() =>
        Assert.Equal(3, Rows(Tcp("::", 53), Tcp("::", 53) with { Protocol = "udp" }, Tcp("::", 53) with { Protocol = "sctp" }).Count);

    [Fact]
    public void Rows_PortNotChosenYet_IsShownAsAny() => Assert.Equal("any", Assert.Single(Rows(Tcp("0.0.0.0", 0))).Ports);

    [Fact]
    public void Rows_StoppedContainer_IsNotOpen()
    {
        var app = Snapshots.App("web", Snapshots.Container("web", "web", HealthColor.Red, "exited")) with { Ports = [Tcp("0.0.0.0", 80)] };

        Assert.False(Assert.Single(PortRow.OfApp(Views.Placed(app))).Open);
    }

    [Theory]
    [InlineData(":8005", true)]
    [InlineData(":800", false)]
    [InlineData("800", true)]
    [InlineData("8010", true)]
    [InlineData("web all", true)]
    [InlineData("web udp", false)]
    public void Query_FindsAPortInsideARange(string text, bool found)
    {
        var row = Assert.Single(Rows([.. Enumerable.Range(0, 11).Select(i => Tcp("0.0.0.0", 8000 + i, 8000 + i))]));

        Assert.Equal(found, PortQuery.Parse(text, null, null, null, null, null).Shows(row));
    }

    [Theory]
    [InlineData("loopback", null, null, null, false)]
    [InlineData("ALL", "tcp", "web", null, true)]
    [InlineData(null, "udp", null, null, false)]
    [InlineData(null, null, "we", null, false)]
    [InlineData(null, null, null, "conflicts", false)]
    [InlineData("nonsense", " ", "", "nonsense", true)]
    public void Query_SeveralFilters_AllApply(string? reach, string? protocol, string? app, string? show, bool shown) =>
        Assert.Equal(shown, PortQuery.Parse(null, reach, protocol, null, app, show).Shows(Assert.Single(Rows(Tcp("0.0.0.0", 80)))));

    [Fact]
    public void Conflicts_ListBothOwners_RunningFirst()
    {
        var conflict = Assert.Single(PortConflict.All(Views.From(PlaceFleets.Fleet())));

        Assert.Equal(("18010", "tcp"), (conflict.Ports, conflict.Protocol));
        Assert.Equal(["storefront-web-1 True", "edge-old-1 False"], conflict.Owners.Select(owner => $"{owner.Container} {owner.Open}"));
    }

    [Fact]
    public void Conflicts_RangeOfTheSameOwners_IsOne()
    {
        var ports = Enumerable
            .Range(9000, 5)
            .SelectMany(port => new[] { "web-a-1", "web-b-1" }.Select(name => new PortSnapshot("0.0.0.0", port, "tcp", name, port, true)));

        Assert.Equal("9000–9004", Assert.Single(PortConflict.All(Views.From(Fleet([.. ports])))).Ports);
    }

    [Fact]
    public void Conflicts_OnTwoAddresses_AreSeparate()
    {
        PortSnapshot[] ports =
        [
            new("10.0.0.1", 80, "tcp", "web-a-1", 80, true),
            new("10.0.0.1", 80, "tcp", "web-b-1", 80, true),
            new("10.0.0.2", 80, "tcp", "web-c-1", 80, true),
            new("10.0.0.2", 80, "tcp", "web-d-1", 80, true),
        ];

        Assert.Equal(2, PortConflict.All(Views.From(Fleet(ports))).Count);
    }

    [Theory]
    [InlineData("0.0.0.0", "10.0.0.4", true)]
    [InlineData("10.0.0.4", "10.0.0.5", false)]
    [InlineData("::", "10.0.0.4", false)]
    [InlineData("::", "fd00::1", true)]
    [InlineData("", "127.0.0.1", true)]
    public void Addresses_OneIsTheWildcardOfItsFamily_Overlap(string one, string other, bool overlap) =>
        Assert.Equal(overlap, HostAddress.Overlap(one, other));

    [Theory]
    [InlineData(8080, "tcp", "0.0.0.0", 8082)] // 8080 and 8081 are taken
    [InlineData(8080, "udp", "0.0.0.0", 8080)]
    [InlineData(9000, "tcp", "0.0.0.0", 9001)] // taken on one address, so not free on all
    [InlineData(9000, "tcp", "127.0.0.1", 9000)]
    [InlineData(8081, "tcp", "127.0.0.1", 8082)] // taken on all addresses, so not free on loopback
    [InlineData(65535, "tcp", "0.0.0.0", 65534)]
    [InlineData(0, "tcp", "0.0.0.0", 1)]
    [InlineData(70000, "udp", "0.0.0.0", 65535)]
    public void FreePort_ConsidersProtocolAndAddress(int near, string protocol, string address, int expected)
    {
        PortSnapshot[] claims = [Tcp("127.0.0.1", 8080), Tcp("0.0.0.0", 8081), Tcp("10.0.0.4", 9000), Tcp("::", 65535), Tcp("0.0.0.0", 0)];

        Assert.Equal(expected, FreePort.Near(near, protocol, address, claims).Port);
    }

    [Fact]
    public void FreePort_WantedOneIsTaken_NamesItsContainer() =>
        Assert.Equal(["web-web-1"], FreePort.Near(80, "tcp", "0.0.0.0", [Tcp("0.0.0.0", 80), Tcp("::", 80)]).Holders);

    [Fact]
    public void FreePort_AllTaken_IsNull() =>
        Assert.Null(FreePort.Near(80, "tcp", "0.0.0.0", Enumerable.Range(1, 65535).Select(port => Tcp("0.0.0.0", port))).Port);

    [Theory]
    [InlineData("billing", "apps/billing")]
    [InlineData("a/b?c#d", "apps/a%2Fb%3Fc%23d")]
    [InlineData("<script>", "apps/%3Cscript%3E")]
    [InlineData("..", "apps?name=..")]
    [InlineData("", "apps?name=")]
    public void Link_AnyName_IsEncoded(string name, string expected) => Assert.Equal(expected, Links.App(name, null));

    [Fact]
    public void Link_NameWithASlash_FindsItsApp()
    {
        var view = Views.From(Snapshots.Create([Snapshots.App("a/b", Snapshots.Container("x", "x"))]));

        Assert.Equal(["a/b", "a/b", null], [view.Find("a/b")?.App.Name, view.Find("a%2Fb")?.App.Name, view.Find("a")?.App.Name]);
    }

    private static PortSnapshot Tcp(string address, int port, int target = 80) => new(address, port, "tcp", "web-web-1", target, false);

    private static List<PortRow> Rows(params PortSnapshot[] ports) =>
        [.. PortRow.OfApp(Views.Placed(Snapshots.App("web", Snapshots.Container("web", "web")) with { Ports = [.. ports] }))];

    private static FleetSnapshot Fleet(PortSnapshot[] ports) =>
        Snapshots.Create([
            Snapshots.App(
                "web",
                [.. ports.Select(port => port.Container).Distinct().Select(name => Snapshots.Container("web", name[4..5]))]
            ) with
            {
                Ports = [.. ports],
            },
        ]);
}
