using Xunit;
using YamlDotNet.RepresentationModel;

namespace FleetDashboard.AppHost.Tests;

/// <summary>The deployment that publishing writes is as closed as deploy/compose.yaml.</summary>
public sealed class PublishedTests(Published published) : IClassFixture<Published>
{
    public static TheoryData<string> Services => ["collector", "web"];

    [Fact]
    public void Services_AreTheCollectorAndWeb_AndNothingElse() => Assert.Equal(["collector", "web"], Published.Names(published.Compose["services"]).Order());

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_HasNoRootNoCapabilitiesAndNothingToWrite(string name)
    {
        var service = published.Service(name);

        Assert.Equal("1654:1654", service["user"].ToString());
        Assert.Equal("true", service["read_only"].ToString());
        Assert.Equal(["ALL"], Published.Values(service["cap_drop"]));
        Assert.Equal(["no-new-privileges:true"], Published.Values(service["security_opt"]));
        Assert.NotEmpty(service["deploy"]["resources"]["limits"]["memory"].ToString());
        Assert.DoesNotContain("privileged", Published.Names(service));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_IsAskedForItsHealthByItself(string name)
    {
        var test = Published.Values(published.Service(name)["healthcheck"]["test"]);

        Assert.Equal(("CMD", "health"), (test[0], test[^1]));
    }

    [Fact]
    public void Web_WaitsUntilTheCollectorIsHealthy() => Assert.Equal("service_healthy", published.Service("web")["depends_on"]["collector"]["condition"].ToString());

    [Fact]
    public void Networks_TheCollectorIsOnTheClosedOneAlone()
    {
        Assert.Equal(["collector", "page"], Published.Names(published.Compose["networks"]).Order());
        Assert.Equal("true", published.Compose["networks"]["collector"]["internal"].ToString());
        Assert.Equal(["collector"], Published.Values(published.Service("collector")["networks"]));
        Assert.Equal(["collector", "page"], Published.Values(published.Service("web")["networks"]).Order());
    }

    [Fact]
    public void Ports_OneIsPublished_OnLoopback()
    {
        Assert.DoesNotContain("ports", Published.Names(published.Service("collector")));
        Assert.Equal(["127.0.0.1:5080:8080"], Published.Values(published.Service("web")["ports"]));
    }

    [Fact]
    public void Socket_IsInTheCollectorAlone_AndTheHostIsReadOnly()
    {
        var mounts = Binds("collector");

        Assert.Equal(["./fleet", "/sys/fs/cgroup", "/var/run/docker.sock"], mounts.Select(mount => mount["source"].ToString()).Order(StringComparer.Ordinal));
        Assert.All(mounts, mount => Assert.Equal("true", mount["read_only"].ToString()));
        Assert.Equal(["${DOCKER_GID}"], Published.Values(published.Service("collector")["group_add"]));
        Assert.Empty(Binds("web"));
        Assert.DoesNotContain("group_add", Published.Names(published.Service("web")));
    }

    [Fact]
    public void Cgroups_AreWhereTheCollectorIsTold() =>
        Assert.Equal(
            published.Service("collector")["environment"]["Sampling__CgroupRoot"].ToString(),
            Assert.Single(Binds("collector"), mount => mount["source"].ToString() == "/sys/fs/cgroup")["target"].ToString());

    [Fact]
    public void Secrets_AreFiles_AndInNoFileThatIsWritten()
    {
        var files = (YamlMappingNode)published.Compose["secrets"];

        Assert.Equal(["admin_password", "metrics_token", "shared_secret"], Published.Names(files).Order());
        Assert.All(Published.Names(files), name => Assert.Equal($"./secrets/{name}", files[name]["file"].ToString()));
        Assert.Equal(["metrics_token", "shared_secret"], Handed("collector"));
        Assert.Equal(["admin_password", "shared_secret"], Handed("web"));
        Assert.DoesNotContain(Published.SharedSecret, published.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET=", published.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Https_IsSpokenToNobody() => Assert.DoesNotContain("https", published.Text, StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void Identity_AndDuende_AreInNothing()
    {
        Assert.DoesNotContain("identity", published.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("duende", published.Text, StringComparison.OrdinalIgnoreCase);
    }

    private string[] Handed(string name) => [.. ((YamlSequenceNode)published.Service(name)["secrets"]).Children.Select(secret => secret["source"].ToString()).Order()];

    private YamlNode[] Binds(string name) => [.. ((YamlSequenceNode)published.Service(name)["volumes"]).Children.Where(mount => mount["type"].ToString() == "bind")];
}
