using System.Collections.Immutable;
using FleetDashboard.Collector.Databases;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Fleet;

/// <summary>Labels that came with an image decide nothing.</summary>
public sealed class ImageLabelsTests
{
    [Theory]
    [InlineData("fleet.app", false)]
    [InlineData("fleet.anything", false)]
    [InlineData("com.docker.compose.project", false)]
    [InlineData("com.docker.compose.project.config_files", false)]
    [InlineData("com.docker.compose.depends_on", false)]
    [InlineData("com.docker.compose.config-hash", false)]
    [InlineData("com.docker.stack.namespace", false)]
    [InlineData("com.docker.swarm.service.name", false)]
    [InlineData("fleet.protected", true)]
    [InlineData("fleet.database", true)]
    [InlineData("fleet.role", true)]
    [InlineData("traefik.enable", true)]
    [InlineData("org.opencontainers.image.title", true)]
    public void Labels_OfAnImage_NeitherBuildNorGroup(string label, bool counts)
    {
        var labels = ImmutableDictionary<string, string>.Empty.Add(label, "evil");

        Assert.Equal(counts, ImageLabels.OfContainer(labels, labels).ContainsKey(label));
        Assert.True(ImageLabels.OfContainer(labels, ImmutableDictionary<string, string>.Empty.Add(label, "other")).ContainsKey(label));
        Assert.True(ImageLabels.OfContainer(labels, image: null).ContainsKey(label));
    }

    [Fact]
    public void Compose_ThatBuiltTheImageToo_KeepsItsContainersInTheirApp()
    {
        var image = Labels(
            ("com.docker.compose.project", "shop"),
            ("com.docker.compose.service", "web"),
            ("com.docker.compose.project.config_files", "/evil")
        );
        var container = image.Add("com.docker.compose.config-hash", "123").Add("com.docker.compose.container-number", "1");

        var own = ImageLabels.OfContainer(container, image);

        Assert.Equal(("shop", "web"), (own["com.docker.compose.project"], own["com.docker.compose.service"]));
        Assert.False(own.ContainsKey("com.docker.compose.project.config_files"));
    }

    [Fact]
    public void Images_BecomeKnownLater_TheContainerLeavesTheAppThatItsImageChose()
    {
        var inventory = new Inventory(new StatsHistory(), new DatabaseSizes(), new ChangeHistory(TimeProvider.System));
        var image = Labels(("fleet.app", "bank"), ("com.docker.compose.project", "bank"), ("com.docker.compose.config-hash", "1"));
        inventory.Put(Facts.Container("stranger") with { Labels = image, ImageId = "sha256:evil" }, Facts.Now);
        Assert.Equal("bank", inventory.Apps.Values.Single().Name);

        inventory.Apply(
            new HostImages(
                ImmutableDictionary<string, string>.Empty,
                ImmutableDictionary<string, ImmutableDictionary<string, string>>.Empty.Add("sha256:evil", image)
            )
        );

        Assert.Equal("stranger", inventory.Apps.Values.Single().Name);
        inventory.Put(Facts.Container("stranger") with { Labels = image, ImageId = "sha256:evil" }, Facts.Now);
        Assert.Equal("stranger", inventory.Apps.Values.Single().Name);
    }

    private static ImmutableDictionary<string, string> Labels(params (string Key, string Value)[] labels) =>
        labels.ToImmutableDictionary(label => label.Key, label => label.Value);
}
