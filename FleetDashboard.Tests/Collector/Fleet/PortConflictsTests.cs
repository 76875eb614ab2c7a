using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Fleet;

public sealed class PortConflictsTests
{
    [Theory]
    [InlineData("0.0.0.0:80/tcp", "0.0.0.0:80/tcp", true)]
    [InlineData("0.0.0.0:80/tcp", "127.0.0.1:80/tcp", true)]
    [InlineData("127.0.0.1:80/tcp", "127.0.0.1:80/tcp", true)]
    [InlineData("127.0.0.1:80/tcp", "10.0.0.1:80/tcp", false)]
    [InlineData("0.0.0.0:80/tcp", "0.0.0.0:80/udp", false)]
    [InlineData("0.0.0.0:80/tcp", "0.0.0.0:81/tcp", false)]
    [InlineData(":::80/tcp", "::1:80/tcp", true)]
    [InlineData(":::80/tcp", "127.0.0.1:80/tcp", false)]
    [InlineData("0.0.0.0:0/tcp", "0.0.0.0:0/tcp", false)]
    public void Claims_OfTwoContainers_ConflictWhereTheyOverlap(string one, string other, bool conflict)
    {
        ContainerFacts[] both = [Facts.Container("a") with { Ports = [Claim(one)] }, Facts.Container("b") with { Ports = [Claim(other)] }];

        Assert.Equal(conflict ? 2 : 0, PortConflicts.Find(both).Count);
    }

    [Fact]
    public void Claims_OfOneContainer_NeverConflict() =>
        Assert.Empty(PortConflicts.Find([Facts.Container("a") with { Ports = [Claim("0.0.0.0:80/tcp"), Claim("127.0.0.1:80/tcp")] }]));

    private static PortClaim Claim(string text)
    {
        var slash = text.Split('/');
        var colon = slash[0].LastIndexOf(':');
        return new PortClaim(
            slash[0][..colon],
            int.Parse(slash[0][(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture),
            slash[1],
            80
        );
    }
}
