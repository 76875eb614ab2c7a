using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Fleet;

public sealed class AppGroupingTests
{
    [Fact]
    public void Labels_AreFollowedInOrderOfWeight()
    {
        AssertApps(
            [
                Facts.Container(
                    "a",
                    ("fleet.app", "own"),
                    ("com.docker.compose.project", "project"),
                    ("com.docker.stack.namespace", "stack")
                ),
                Facts.Container("b", ("com.docker.compose.project", "project"), ("com.docker.stack.namespace", "stack")),
                Facts.Container("c", ("com.docker.stack.namespace", "stack")),
                Facts.Container("d", ("fleet.app", "  ")),
            ],
            ("own", AppOrigin.Label),
            ("project", AppOrigin.Compose),
            ("stack", AppOrigin.Stack),
            ("d", AppOrigin.Container)
        );
    }

    [Fact]
    public void SharedFirstPart_MakesAnApp_AloneItDoesNot()
    {
        AssertApps(
            [Facts.Container("legacy-web"), Facts.Container("legacy_db"), Facts.Container("legacy.cron"), Facts.Container("lonely-web")],
            ("legacy", AppOrigin.Prefix),
            ("legacy", AppOrigin.Prefix),
            ("legacy", AppOrigin.Prefix),
            ("lonely-web", AppOrigin.Container)
        );
    }

    [Fact]
    public void SharedFirstPart_IsTakenAsLongAsItGoes()
    {
        AssertApps(
            [Facts.Container("acme-shop-web"), Facts.Container("acme-shop-db")],
            ("acme-shop", AppOrigin.Prefix),
            ("acme-shop", AppOrigin.Prefix)
        );
    }

    [Fact]
    public void FirstPartOfAKnownApp_JoinsIt()
    {
        AssertApps(
            [Facts.Container("billing-web-1", ("com.docker.compose.project", "billing")), Facts.Container("billing-cron")],
            ("billing", AppOrigin.Compose),
            ("billing", AppOrigin.Compose)
        );
    }

    [Fact]
    public void NetworkThatOnlyTheyShare_MakesAnApp()
    {
        AssertApps(
            [
                Facts.Container("otter").On("wetland"),
                Facts.Container("heron").On("wetland"),
                Facts.Container("kiosk").On("bridge"),
                Facts.Container("owl").On("bridge"),
            ],
            ("wetland", AppOrigin.Network),
            ("wetland", AppOrigin.Network),
            ("kiosk", AppOrigin.Container),
            ("owl", AppOrigin.Container)
        );
    }

    [Fact]
    public void NetworkSharedWithAnApp_MakesNone()
    {
        AssertApps(
            [
                Facts.Container("web", ("fleet.app", "shop")).On("public"),
                Facts.Container("otter").On("public"),
                Facts.Container("heron").On("public"),
            ],
            ("shop", AppOrigin.Label),
            ("otter", AppOrigin.Container),
            ("heron", AppOrigin.Container)
        );
    }

    [Fact]
    public void NetworkOfAnotherContainer_LeadsToItsApp()
    {
        var vpn = Facts.Container("tunnel", ("fleet.app", "vpn"));
        AssertApps(
            [vpn, Facts.Container("torrent") with { NetworkMode = $"container:{vpn.Id}" }],
            ("vpn", AppOrigin.Label),
            ("vpn", AppOrigin.Label)
        );
    }

    [Fact]
    public void NameInALabel_IsCutAndCleanedButNeverTrusted()
    {
        var app = Assign([Facts.Container("x", ("fleet.app", " <b>\u0007bold</b>" + new string('y', 500)))]).Single();

        Assert.StartsWith("<b>bold</b>yyy", app.Name, StringComparison.Ordinal);
        Assert.Equal(128, app.Name.Length);
    }

    [Theory]
    [InlineData("billing-web-1", "web", "1", "web")]
    [InlineData("billing-web-2", "web", "2", "web-2")]
    [InlineData("legacy_db", null, null, "db")]
    [InlineData("kiosk", null, null, "kiosk")]
    public void Service_IsWhatItIsCalledInsideItsApp(string name, string? service, string? number, string expected)
    {
        var labels = service is null
            ? []
            : new[] { ("com.docker.compose.service", service), ("com.docker.compose.container-number", number!) };

        Assert.Equal(
            expected,
            AppGrouping.ServiceName(
                Facts.Container(name, labels),
                name.StartsWith("legacy", StringComparison.Ordinal) ? "legacy" : "billing"
            )
        );
    }

    private static void AssertApps(ContainerFacts[] containers, params (string Name, AppOrigin Origin)[] expected)
    {
        Assert.Equal(expected, Assign(containers).Select(app => (app.Name, app.Origin)));

        // In whatever order the engine lists them.
        Assert.Equal(expected.Reverse(), Assign([.. containers.Reverse()]).Select(app => (app.Name, app.Origin)));
    }

    private static List<AppKey> Assign(ContainerFacts[] containers)
    {
        var apps = AppGrouping.Assign(containers);
        return [.. containers.Select(container => apps[container.Id])];
    }
}
