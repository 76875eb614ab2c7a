using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace FleetDashboard.AppHost.Tests;

/// <summary>The published deployment is as restricted as deploy/compose.yaml and has the same settings.</summary>
public sealed partial class PublishedTests(Published published) : IClassFixture<Published>
{
    public static TheoryData<string> Services => ["collector", "web"];

    [Fact]
    public void Services_AreTheCollectorAndWeb_AndNothingElse() =>
        Assert.Equal(["collector", "web"], Published.Names(published.Compose["services"]).Order());

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
    public void Web_WaitsUntilTheCollectorIsHealthy() =>
        Assert.Equal("service_healthy", published.Service("web")["depends_on"]["collector"]["condition"].ToString());

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
        Assert.Equal(["${FLEET_LISTEN:-127.0.0.1:5080}:8080"], Published.Values(published.Service("web")["ports"]));
    }

    [Fact]
    public void Socket_IsInTheCollectorAlone_AndTheHostIsReadOnly()
    {
        var mounts = Binds("collector");

        Assert.Equal(
            ["${DOCKER_SOCKET:-/var/run/docker.sock}", "${FLEET_CGROUPS:-/sys/fs/cgroup}", "${FLEET_FILE_FOLDER:-./fleet}"],
            mounts.Select(mount => mount["source"].ToString()).Order(StringComparer.Ordinal)
        );
        Assert.All(mounts, mount => Assert.Equal("true", mount["read_only"].ToString()));
        Assert.StartsWith(
            "${DOCKER_GID:?",
            Assert.Single(Published.Values(published.Service("collector")["group_add"])),
            StringComparison.Ordinal
        );
        Assert.Empty(Binds("web"));
        Assert.DoesNotContain("group_add", Published.Names(published.Service("web")));
    }

    [Fact]
    public void Cgroups_AreWhereTheCollectorIsTold() =>
        Assert.Equal(
            published.Service("collector")["environment"]["Sampling__CgroupRoot"].ToString(),
            Assert
                .Single(Binds("collector"), mount => mount["source"].ToString().Contains("/sys/fs/cgroup", StringComparison.Ordinal))[
                    "target"
                ]
                .ToString()
        );

    [Fact]
    public void Secrets_AreFiles_AndInNoFileThatIsWritten()
    {
        var files = (YamlMappingNode)published.Compose["secrets"];

        Assert.Equal(["admin_password", "metrics_token", "shared_secret"], Published.Names(files).Order());
        Assert.All(Published.Names(files), name => Assert.Equal($"${{FLEET_SECRETS:-./secrets}}/{name}", files[name]["file"].ToString()));
        Assert.Equal(["metrics_token", "shared_secret"], Handed("collector"));
        Assert.Equal(["admin_password", "shared_secret"], Handed("web"));
        Assert.DoesNotContain(Published.SharedSecret, published.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET=", published.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_AreThoseOfDeploy_WithTheSameDefaults()
    {
        var ours = await File.ReadAllTextAsync(Path.Combine(Repository(), "deploy", "compose.yaml"), TestContext.Current.CancellationToken);

        // Except for the images, because deploy/ builds images with other names.
        var expected = Optional()
            .Matches(ours)
            .Select(match => match.Value)
            .Distinct()
            .Where(setting => !setting.Contains("_IMAGE", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        Assert.Equal(
            expected,
            Optional().Matches(published.ComposeText).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task WhatMustBeSet_StandsInTheEnvFile_AndComposeStopsWithoutIt()
    {
        string[] needed = ["COLLECTOR_IMAGE", "DOCKER_GID", "WEB_IMAGE"];

        Assert.Equal(needed, Needed().Matches(published.ComposeText).Select(match => match.Groups[1].Value).Order());
        Assert.Equal(
            [.. needed, "COMPOSE_PROJECT_NAME"],
            (await published.EnvironmentAsync()).Keys.OrderBy(name => name == "COMPOSE_PROJECT_NAME").ThenBy(name => name)
        );
        Assert.DoesNotMatch(@"\$\{[A-Z_]+\}", published.ComposeText); // Compose would replace an unset variable by nothing
    }

    [Fact]
    public async Task PublishedAgain_WhatWasFilledIsKept()
    {
        var folder = Directory.CreateTempSubdirectory("fleet-published-");
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, ".env"),
                "DOCKER_GID=107\nFLEET_LISTEN=127.0.0.1:5090\n",
                TestContext.Current.CancellationToken
            );

            await Published.PublishAsync(folder);

            var environment = await Published.EnvironmentAsync(folder);
            Assert.Equal(("107", "127.0.0.1:5090", ""), (environment["DOCKER_GID"], environment["FLEET_LISTEN"], environment["WEB_IMAGE"]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Https_IsSpokenToNobody() => Assert.DoesNotContain("https", published.Text, StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void Identity_AndDuende_AreInNothing()
    {
        Assert.DoesNotContain("identity", published.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("duende", published.Text, StringComparison.OrdinalIgnoreCase);
    }

    private string[] Handed(string name) =>
        [.. ((YamlSequenceNode)published.Service(name)["secrets"]).Children.Select(secret => secret["source"].ToString()).Order()];

    private static string Repository([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, ".."));

    [GeneratedRegex(@"\$\{[A-Z_]+:-[^}]*\}")]
    private static partial Regex Optional();

    [GeneratedRegex(@"\$\{([A-Z_]+):\?[^}]+\}")]
    private static partial Regex Needed();

    private YamlNode[] Binds(string name) =>
        [.. ((YamlSequenceNode)published.Service(name)["volumes"]).Children.Where(mount => mount["type"].ToString() == "bind")];
}
