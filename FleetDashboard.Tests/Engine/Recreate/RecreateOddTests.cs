using System.Text.Json.Nodes;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Engine.Recreate;

/// <summary>Replaces containers with valid but unusual settings on a real engine.</summary>
public sealed class RecreateOddTests(EngineFixture fixture)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task MountPaths_WithTrailingSlashes_KeepTheirVolumes()
    {
        await using var lab = await LabAsync("odd-paths");
        var (one, two) = (await lab.VolumeAsync("odd-one"), await lab.VolumeAsync("odd-two"));
        var id = await lab.StartAsync(
            $$"""
            { "Volumes": { "/anon/": {} },
              "HostConfig": { "Binds": ["{{one}}:/one/", "/solo/"], "Mounts": [{ "Type": "volume", "Source": "{{two}}",
              "Target": "/two/" }, { "Type": "volume", "Target": "/three/./" }] } }
            """
        );
        await lab.ExecAsync(id, "for d in one solo two three anon; do echo $d > /$d/f; done; sync; echo done");
        var before = await lab.InspectAsync(id);

        var result = await lab.UpdateAsync(id, Cancelled);

        Assert.True(result.Succeeded, result.Message);
        Assert.Equal("one solo two three anon", await lab.ExecAsync(lab.Name, "echo $(cat /one/f /solo/f /two/f /three/f /anon/f)"));
        Assert.Equal(Volumes(before), Volumes(await lab.InspectAsync(lab.Name)));
    }

    [EngineFact]
    public async Task HealthCheck_OfTheNewImage_UsesTheConfiguredInterval()
    {
        await using var lab = await LabAsync(
            "odd-health",
            ["ENV V=1", "HEALTHCHECK CMD test $V = 1", Sleep],
            ["ENV V=2", "HEALTHCHECK CMD test $V = 2", Sleep]
        );
        var id = await lab.StartAsync("""{ "Healthcheck": { "Interval": 1000000000 } }""");

        var result = await lab.UpdateAsync(id, Cancelled);

        Assert.True(result.Succeeded, result.Message);
        var check = (await lab.InspectAsync(lab.Name))["Config"]!["Healthcheck"]!;
        Assert.Equal(("test $V = 2", 1000000000), ((string)check["Test"]![1]!, (long)check["Interval"]!));
        Assert.Contains(lab.Lines, line => line.StartsWith("The job waits up to ", StringComparison.Ordinal));
    }

    [EngineTheory]
    [InlineData("chosen", "node-a")]
    [InlineData("the host's", null)]
    public async Task HostName_OnTheHostNetwork_IsKeptIfConfigured(string which, string? name)
    {
        await using var lab = await LabAsync(name is null ? "odd-host" : "odd-named");
        var id = await lab.StartAsync(
            name is null
                ? """{ "HostConfig": { "NetworkMode": "host" } }"""
                : $$"""{ "Hostname": "{{name}}", "HostConfig": { "NetworkMode": "host" } }"""
        );
        var before = (string?)(await lab.InspectAsync(id))["Config"]!["Hostname"];

        var result = await lab.UpdateAsync(id, Cancelled);

        Assert.True(result.Succeeded, $"{which}: {result.Message}");
        Assert.Equal(before, (string?)(await lab.InspectAsync(lab.Name))["Config"]!["Hostname"]);
    }

    [EngineTheory]
    [InlineData("none")]
    [InlineData("default")]
    public async Task Network_ReplacedBeforeTheUpdate_IsTheOnlyOneAfterwards(string mode)
    {
        await using var lab = await LabAsync($"odd-moved-{mode}");
        var network = await lab.NetworkAsync($"odd-moved-{mode}", mode == "none" ? "10.213.11.0/24" : "10.213.12.0/24");
        var id = await lab.StartAsync($$"""{ "HostConfig": { "NetworkMode": "{{mode}}" } }""");
        var before = (string?)(await lab.InspectAsync(id))["HostConfig"]!["NetworkMode"];
        await lab.Engine.DisconnectAsync(mode == "none" ? "none" : "bridge", id, Cancelled);
        await lab.Engine.ConnectAsync(network, id, (JsonObject)JsonNode.Parse("""{ "Aliases": ["moved"] }""")!, Cancelled);

        var result = await lab.UpdateAsync(id, Cancelled);

        Assert.True(result.Succeeded, result.Message);
        var after = await lab.InspectAsync(lab.Name);
        Assert.Equal([network], after["NetworkSettings"]!["Networks"]!.AsObject().Select(one => one.Key));
        Assert.NotEqual("", (string?)after["NetworkSettings"]!["Networks"]![network]!["IPAddress"]);
        Assert.Equal(before, (string?)after["HostConfig"]!["NetworkMode"]);
    }

    [EngineFact]
    public async Task TwoNetworksOfOneName_ContainerStaysOnItsOwn()
    {
        await using var lab = await LabAsync("odd-twins");
        var first = await lab.TwinNetworkAsync("odd-twin", "10.213.13.0/24");
        var id = await lab.StartAsync($$"""{ "HostConfig": { "NetworkMode": "{{first.Name}}" } }""");
        if (await lab.TwinNetworkAsync("odd-twin", "10.213.14.0/24") is not { Id: { } second })
        {
            Assert.Skip("This engine refuses a second network of one name.");
            return;
        }

        var other = await lab.StartAsync("{}", "odd-twin-other");
        await lab.Engine.ConnectAsync(second, other, [], Cancelled);

        var result = await lab.UpdateAsync(id, Cancelled);
        var otherResult = await lab.Recreation.RunAsync(other, lab, Cancelled);

        Assert.True(result.Succeeded, result.Message);
        Assert.True(otherResult.Succeeded, otherResult.Message);
        Assert.Equal(first.Id, (string?)(await lab.InspectAsync(lab.Name))["NetworkSettings"]!["Networks"]![first.Name]!["NetworkID"]);
        Assert.Equal(
            second,
            (string?)(await lab.InspectAsync(fixture.NameOf("odd-twin-other")))["NetworkSettings"]!["Networks"]![first.Name]!["NetworkID"]
        );
    }

    [EngineFact]
    public async Task AbsurdDurations_UpdateEndsAndAnnouncesItsWaits()
    {
        await using var lab = await LabAsync("odd-absurd");
        var id = await lab.StartAsync(
            """
            { "StopSignal": "SIGKILL", "StopTimeout": 5000000,
              "Healthcheck": { "Test": ["CMD", "true"], "Interval": 1000000000, "StartPeriod": 7200000000000000 } }
            """
        );

        var result = await lab.UpdateAsync(id, Cancelled);

        Assert.True(result.Succeeded, result.Message);
        Assert.Contains(lab.Lines, line => line.Contains("waits at most 60 min for the container to stop", StringComparison.Ordinal));
        Assert.Contains(
            lab.Lines,
            line => line.Contains("The job waits at most 60 min, then restores the old container", StringComparison.Ordinal)
        );
    }

    [EngineFact]
    public async Task User_OfTheOldImage_IsKeptIfTheNewOneUsesRoot()
    {
        await using var lab = await LabAsync("odd-user", ["USER 1000", Sleep], ["USER 0", "LABEL traefik.enable=true", Sleep]);
        var id = await lab.StartAsync("{}");

        var result = await lab.UpdateAsync(id, Cancelled);

        Assert.True(result.Succeeded, result.Message);
        Assert.Equal("1000", await lab.ExecAsync(lab.Name, "id -u"));
        Assert.Contains("User: stays 1000. The new image's default is 0.", lab.Lines);
        Assert.Contains(lab.Lines, line => line.EndsWith("may act on them: traefik.enable.", StringComparison.Ordinal));
    }

    [EngineFact]
    public async Task SettingsOfNewerEngines_AreKeptIfSupported()
    {
        await using var lab = await LabAsync("odd-newer");
        Assert.SkipUnless(
            lab.Engine.Identity.ApiVersion >= new Version(1, 48),
            $"The engine speaks API {lab.Engine.Identity.ApiVersion} only."
        );
        var first = await lab.NetworkAsync("odd-newer-1", "10.213.15.0/24");
        var second = await lab.NetworkAsync("odd-newer-2", "10.213.16.0/24");
        var volume = await lab.VolumeAsync("odd-newer");
        var filler = await lab.StartAsync($$"""{ "HostConfig": { "Binds": ["{{volume}}:/v"] } }""", "odd-newer-filler");
        await lab.ExecAsync(filler, "mkdir -p /v/part; echo here > /v/part/f; echo done");
        var id = await lab.StartAsync(
            $$$"""
            {
              "Healthcheck": { "Test": ["CMD", "true"], "Interval": 1000000000, "StartPeriod": 5000000000, "StartInterval": 500000000 },
              "HostConfig": {
                "NetworkMode": "{{{first}}}", "Annotations": { "own": "note" },
                "Mounts": [
                  { "Type": "volume", "Source": "{{{volume}}}", "Target": "/part", "VolumeOptions": { "Subpath": "part" } },
                  { "Type": "bind", "Source": "/proc", "Target": "/ro", "ReadOnly": true, "BindOptions": { "ReadOnlyNonRecursive": true } },
                  { "Type": "image", "Source": "{{{lab.Image}}}", "Target": "/image" }
                ]
              },
              "NetworkingConfig": { "EndpointsConfig": { "{{{first}}}": { "Aliases": ["web"] }, "{{{second}}}": {
              "MacAddress": "92:d0:c6:0a:29:33", "GwPriority": 5 } } }
            }
            """,
            api: "1.48"
        );
        var before = await lab.InspectAsync(id, "1.48");

        var result = await lab.UpdateAsync(id, Cancelled);

        Assert.True(result.Succeeded, result.Message);
        var after = await lab.InspectAsync(lab.Name, "1.48");
        Assert.Empty(JsonDiff.Between(before["Config"]!["Healthcheck"], after["Config"]!["Healthcheck"]));
        Assert.Empty(JsonDiff.Between(before["HostConfig"], after["HostConfig"]));
        Assert.Equal("here", await lab.ExecAsync(lab.Name, "cat /part/f"));
        var networks = after["NetworkSettings"]!["Networks"]!;
        Assert.Equal(("92:d0:c6:0a:29:33", 5), ((string?)networks[second]!["MacAddress"], (int)networks[second]!["GwPriority"]!));
        Assert.Equal("""["web"]""", networks[first]!["Aliases"]!.ToJsonString());
        Assert.True((string?)after["Config"]!["MacAddress"] is null or ""); // a generated address is not kept
    }

    private const string Sleep = "CMD [\"sleep\", \"3600\"]";

    private static IEnumerable<string> Volumes(JsonObject container) =>
        container["Mounts"]!
            .AsArray()
            .Select(mount => $"{mount!["Type"]} {mount["Name"]} {mount["Destination"]} {mount["RW"]}")
            .Order(StringComparer.Ordinal);

    private Task<RecreateLab> LabAsync(string name, string[]? oldImage = null, string[]? newImage = null) =>
        RecreateLab.StartAsync(fixture, name, oldImage ?? [Sleep, "LABEL v=1"], newImage ?? [Sleep, "LABEL v=2"]);
}
