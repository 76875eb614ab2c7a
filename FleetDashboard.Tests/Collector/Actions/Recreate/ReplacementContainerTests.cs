using System.Text.Json.Nodes;
using FleetDashboard.Collector.Actions.Recreate;
using Xunit;

namespace FleetDashboard.Tests.Collector.Actions.Recreate;

/// <summary>The settings of a new container, from the descriptions of the old one by engines of several versions.</summary>
public sealed class ReplacementContainerTests
{
    private const string Id = "8a0f1b6c3d2e4f5061728394a5b6c7d8e9f00112233445566778899aabbccdde";

    private static readonly EngineTerms Old = new(new Version(1, 41), "lab-1");
    private static readonly EngineTerms V25 = new(new Version(1, 44), "lab-1");
    private static readonly EngineTerms V28 = new(new Version(1, 51), "lab-1");

    [Theory]
    [InlineData("02:42:ac:1e:00:02", "172.30.0.2", "1.44", null)] // derived from the IP address by engines before 28
    [InlineData("02:42:ac:1e:00:02", "172.30.0.2", "1.51", null)]
    [InlineData("02:42:AC:1E:00:02", "172.30.0.2", "1.44", null)]
    [InlineData("02:42:ac:1e:00:63", "172.30.0.2", "1.44", "02:42:ac:1e:00:63")]
    [InlineData("92:d0:c6:0a:29:33", "172.30.0.2", "1.44", "92:d0:c6:0a:29:33")]
    [InlineData("92:d0:c6:0a:29:33", "172.30.0.2", "1.51", "92:d0:c6:0a:29:33")]
    [InlineData("00:16:3e:00:00:01", "172.30.0.2", "1.51", "00:16:3e:00:00:01")]
    [InlineData("92:d0:c6:0a:29:33", "172.30.0.2", "1.41", null)] // that API has one MAC address for the whole container
    [InlineData("", "172.30.0.2", "1.51", null)]
    public void MacOfAFurtherNetwork_IsKeptUnlessDerivedFromTheAddress(string mac, string address, string api, string? kept)
    {
        var old = Container(
            """{ "NetworkMode": "n1" }""",
            $$"""{ "n1": { "NetworkID": "1" }, "n2": { "NetworkID": "2", "MacAddress": "{{mac}}", "IPAddress": "{{address}}" } }"""
        );

        var successor = ReplacementContainer.Create(old, null, Image(), new EngineTerms(Version.Parse(api), "lab-1"));

        var endpoint = successor.Connect.FirstOrDefault()?.Endpoint ?? successor.Body["NetworkingConfig"]!["EndpointsConfig"]!["n2"];
        Assert.Equal(kept, (string?)endpoint!["MacAddress"]);
    }

    [Theory]
    [InlineData("1.44")]
    [InlineData("1.51")]
    public void MacOfTheFirstNetwork_IsTheConfiguredOneOnly(string api)
    {
        var terms = new EngineTerms(Version.Parse(api), "lab-1");
        var chosen = Container(
            """{ "NetworkMode": "n1" }""",
            """{ "n1": { "MacAddress": "02:42:aa:00:00:01" } }""",
            """{ "MacAddress": "02:42:aa:00:00:01" }"""
        );
        var generated = Container(
            """{ "NetworkMode": "n1" }""",
            """{ "n1": { "MacAddress": "2e:69:e0:d4:ec:aa", "IPAddress": "172.30.0.2" } }"""
        );

        var (one, other) = (
            ReplacementContainer.Create(chosen, null, Image(), terms).Body,
            ReplacementContainer.Create(generated, null, Image(), terms).Body
        );

        Assert.Equal("02:42:aa:00:00:01", (string?)one["NetworkingConfig"]!["EndpointsConfig"]!["n1"]!["MacAddress"]);
        Assert.Null(one["MacAddress"]);
        Assert.Null(other["NetworkingConfig"]!["EndpointsConfig"]!["n1"]!["MacAddress"]);
    }

    [Fact]
    public void Networks_FromApi144On_AreAllInTheCreateCall()
    {
        var old = Container(
            """{ "NetworkMode": "n1" }""",
            """{ "n2": { "NetworkID": "2", "GwPriority": 7 }, "n1": { "NetworkID": "1" }, "n3": { "NetworkID": "3" } }"""
        );

        Assert.Equal(["n1", "n2", "n3"], Endpoints(ReplacementContainer.Create(old, null, Image(), V28)));
        Assert.Equal(
            7,
            (int)ReplacementContainer.Create(old, null, Image(), V28).Body["NetworkingConfig"]!["EndpointsConfig"]!["n2"]!["GwPriority"]!
        );
        Assert.Equal(["n1"], Endpoints(ReplacementContainer.Create(old, null, Image(), Old)));
        Assert.Equal(["2", "3"], ReplacementContainer.Create(old, null, Image(), Old).Connect.Select(place => place.Id));
    }

    [Theory]
    [InlineData("none", """{ "other": { "NetworkID": "1" } }""", "other")]
    [InlineData("none", """{ "none": { "NetworkID": "0" } }""", "")]
    [InlineData("default", """{ "other": { "NetworkID": "1" } }""", "other")]
    [InlineData("n1", """{ "n2": { "NetworkID": "2" } }""", "n2")]
    [InlineData("n1", "{}", "")]
    [InlineData("host", """{ "host": { "NetworkID": "0" } }""", "")]
    public void Networks_AreTheOnesItWasConnectedTo(string mode, string networks, string expected)
    {
        var successor = ReplacementContainer.Create(Container($$"""{ "NetworkMode": "{{mode}}" }""", networks), null, Image(), Old);

        Assert.Equal(expected, string.Join(',', Endpoints(successor)));
        Assert.Equal(JsonNode.Parse(networks)!.AsObject().Select(network => network.Key).Order(), successor.Networks.Order());
    }

    [Theory]
    [InlineData("host", "node-a", "node-a")]
    [InlineData("host", "lab-1", null)]
    [InlineData("bridge", "8a0f1b6c3d2e", null)]
    [InlineData("bridge", "lab-1", "lab-1")]
    [InlineData("container:abc", "node-a", null)]
    public void HostName_Configured_IsKept(string mode, string name, string? kept)
    {
        var old = Container($$"""{ "NetworkMode": "{{mode}}" }""", "{}", $$"""{ "Hostname": "{{name}}" }""");

        Assert.Equal(kept, (string?)ReplacementContainer.Create(old, null, Image(), V28).Body["Hostname"]);
    }

    [Theory]
    [InlineData("""["d:/data/"]""", "/data", """["d:/data/"]""")]
    [InlineData("""["d:/data/.:ro"]""", "/data", """["d:/data/.:ro"]""")]
    [InlineData("""["d://data"]""", "/data", """["d://data"]""")]
    [InlineData("""["d:/x/../data"]""", "/data", """["d:/x/../data"]""")]
    [InlineData("""["/data/"]""", "/data", """["held:/data"]""")] // a bind without a source is a volume that the engine named
    [InlineData("[]", "/data", """["held:/data"]""")]
    public void Volumes_MountPathInAnyForm_AreMountedOnce(string binds, string destination, string expected)
    {
        var old = Container($$"""{ "NetworkMode": "none", "Binds": {{binds}} }""", "{}");
        old["Mounts"] = JsonNode.Parse($$"""[{ "Type": "volume", "Name": "held", "Destination": "{{destination}}", "RW": true }]""");

        Assert.Equal(expected, ReplacementContainer.Create(old, null, Image(), V28).Body["HostConfig"]!["Binds"]!.ToJsonString());
    }

    [Fact]
    public void Volume_WithoutANameInDocker28_IsFoundByItsPath()
    {
        var old = Container("""{ "NetworkMode": "none", "Binds": ["/solo/"] }""", "{}");
        old["Mounts"] = JsonNode.Parse(
            """
            [{ "Type": "volume", "Source": "/var/lib/docker/volumes/1c42ccb16f1c/_data", "Destination": "/solo", "Driver": "local",
               "RW": true }]
            """
        );

        Assert.Equal(
            """["1c42ccb16f1c:/solo"]""",
            ReplacementContainer.Create(old, null, Image(), V28).Body["HostConfig"]!["Binds"]!.ToJsonString()
        );
    }

    [Fact]
    public void MountWithoutAName_GetsTheExistingVolumeAndANormalisedPath()
    {
        var old = Container(
            """{ "NetworkMode": "none", "Mounts": [{ "Type": "volume", "Target": "/three/./" }] }""",
            "{}",
            """{ "Volumes": { "/anon/": {} } }"""
        );
        old["Mounts"] = JsonNode.Parse(
            """
            [{ "Type": "volume", "Name": "a", "Destination": "/anon", "RW": true },
             { "Type": "volume", "Name": "t", "Destination": "/three", "RW": true }]
            """
        );

        var body = ReplacementContainer.Create(old, null, Image(), V28).Body;

        Assert.Equal("t", (string?)body["HostConfig"]!["Mounts"]![0]!["Source"]);
        Assert.Equal("""["a:/anon"]""", body["HostConfig"]!["Binds"]!.ToJsonString());
        Assert.Equal("""{"/anon":{}}""", body["Volumes"]!.ToJsonString());
    }

    [Theory]
    // The container's setting, the old image's setting, the resulting request.
    [InlineData("""{"Test":["CMD","a"],"Interval":2}""", """{"Test":["CMD","a"]}""", """{"Interval":2}""")]
    [InlineData("""{"Test":["CMD","a"],"Interval":2,"Timeout":3}""", """{"Test":["CMD","a"],"Timeout":3}""", """{"Interval":2}""")]
    [InlineData("""{"Test":["CMD","mine"],"Interval":2}""", """{"Test":["CMD","a"],"Interval":2}""", """{"Test":["CMD","mine"]}""")]
    [InlineData("""{"Test":["CMD","a"],"Retries":5}""", """{"Test":["CMD","a"],"Retries":5}""", null)]
    [InlineData("""{"Test":["NONE"]}""", """{"Test":["CMD","a"]}""", """{"Test":["NONE"]}""")]
    [InlineData("""{"Test":["CMD","a"],"StartInterval":1}""", """{"Test":["CMD","a"]}""", """{"StartInterval":1}""")]
    [InlineData("""{"Test":["CMD","a"]}""", null, """{"Test":["CMD","a"]}""")]
    public void HealthCheck_ConfiguredParts_AreKept(string container, string? image, string? asked)
    {
        var old = Container("""{ "NetworkMode": "none" }""", "{}", $$"""{ "Healthcheck": {{container}} }""");

        var body = ReplacementContainer.Create(old, Image(image is null ? "{}" : $$"""{ "Healthcheck": {{image}} }"""), Image(), V28).Body;

        Assert.Equal(asked, body["Healthcheck"]?.ToJsonString());
    }

    [Theory]
    [InlineData("1000", "1000", "root", "1000", "User: stays 1000. The new image's default is root.")]
    [InlineData("1000", "1000", "", "1000", "User: stays 1000. The new image's default is root.")]
    [InlineData("app", "", "root", "app", "User: stays app. The new image's default is root.")]
    [InlineData("1000", "1000", "1000", "1000", null)]
    [InlineData("", "", "1000", "", "User: root changes to 1000, the new image's default.")]
    public void Update_NewImageWantsRoot_KeepsTheOldUser(string container, string oldImage, string newImage, string asked, string? said)
    {
        var old = Container("""{ "NetworkMode": "none" }""", "{}", $$"""{ "User": "{{container}}" }""");

        var successor = ReplacementContainer.Create(
            old,
            Image($$"""{ "User": "{{oldImage}}" }"""),
            Image($$"""{ "User": "{{newImage}}" }"""),
            V28
        );

        Assert.Equal(asked, (string?)successor.Body["User"] ?? "");
        Assert.Equal(said, successor.Remarks.FirstOrDefault(remark => remark.StartsWith("User:", StringComparison.Ordinal)));
    }

    [Fact]
    public void NewImage_WithNewDefaults_IsAnnouncedFirst()
    {
        var before = """{ "Entrypoint": ["/run"], "Cmd": ["a"], "Labels": { "made": "old" } }""";
        var after = """
            { "Entrypoint": ["/bin/sh"], "Cmd": ["b"], "Volumes": { "/new": {} }, "ExposedPorts": { "22/tcp": {} },
              "Labels": { "made": "new", "traefik.http.routers.x.rule": "Host", "fleet.app": "bank" } }
            """;

        var remarks = ReplacementContainer
            .Create(Container("""{ "NetworkMode": "none" }""", "{}", before), Image(before), Image(after), V28)
            .Remarks;

        Assert.Equal(
            [
                "Entry point: /run becomes /bin/sh.",
                "Command: a becomes b.",
                "New volumes: /new.",
                "New exposed ports: 22/tcp.",
                "New or changed labels: fleet.app, made, traefik.http.routers.x.rule.",
                "Check these labels, because a reverse proxy or another program may act on them: fleet.app, traefik.http.routers.x.rule.",
            ],
            remarks
        );
    }

    [Fact]
    public void ComposeLabels_OnAnImageBuiltByCompose_StayOnTheContainer()
    {
        var labels = """{ "com.docker.compose.project": "shop", "com.docker.compose.service": "web" }""";
        var old = Container(
            """{ "NetworkMode": "none" }""",
            "{}",
            """
            { "Labels": { "com.docker.compose.project": "shop", "com.docker.compose.service": "web",
                          "com.docker.compose.config-hash": "1" } }
            """
        );

        var body = ReplacementContainer.Create(old, Image($$"""{ "Labels": {{labels}} }"""), Image(), V28).Body;

        Assert.Equal("shop", (string?)body["Labels"]!["com.docker.compose.project"]);
    }

    [Theory]
    [InlineData("""{ "HostConfig": { "Annotations": { "a": "b" } } }""", "1.42", "HostConfig.Annotations (API 1.43)")]
    [InlineData("""{ "Config": { "Healthcheck": { "StartInterval": 5 } } }""", "1.43", "Healthcheck.StartInterval (API 1.44)")]
    [InlineData(
        """{ "HostConfig": { "Mounts": [{ "Type": "volume", "VolumeOptions": { "Subpath": "x" } }] } }""",
        "1.44",
        "VolumeOptions.Subpath (API 1.45)"
    )]
    [InlineData(
        """{ "HostConfig": { "Mounts": [{ "Type": "bind", "BindOptions": { "ReadOnlyForceRecursive": true } }] } }""",
        "1.41",
        "BindOptions.ReadOnlyForceRecursive (API 1.44)"
    )]
    [InlineData("""{ "HostConfig": { "Mounts": [{ "Type": "image", "Source": "x" }] } }""", "1.47", "a mount of an image (API 1.48)")]
    [InlineData("""{ "NetworkSettings": { "Networks": { "n": { "GwPriority": 1 } } } }""", "1.47", "GwPriority (API 1.48)")]
    [InlineData("""{ "HostConfig": { "Umask": "0027" } }""", "1.51", "HostConfig.Umask (newer than API 1.51)")]
    [InlineData("""{ "HostConfig": { "Annotations": { "a": "b" }, "Mounts": [{ "Type": "image" }] } }""", "1.51", null)]
    [InlineData("""{ "HostConfig": { "Annotations": {}, "NewFlag": false, "NewText": "", "NewList": [] } }""", "1.41", null)]
    public void Setting_NotSupportedByTheApiVersion_IsNamed(string container, string api, string? named) =>
        Assert.Equal(named, NewerSettings.Find((JsonObject)JsonNode.Parse(container)!, Version.Parse(api), new Version(1, 56)));

    [Fact]
    public void Setting_OfTheSameApiVersion_IsSentUnchanged() =>
        Assert.Null(
            NewerSettings.Find(
                (JsonObject)JsonNode.Parse("""{ "HostConfig": { "Special": "podman" } }""")!,
                new Version(1, 44),
                new Version(1, 44)
            )
        );

    private static IEnumerable<string> Endpoints(ReplacementContainer successor) =>
        (successor.Body["NetworkingConfig"]?["EndpointsConfig"] as JsonObject ?? []).Select(one => one.Key);

    private static JsonObject Container(string host, string networks, string config = "{}") =>
        (JsonObject)
            JsonNode.Parse(
                $$"""
                { "Id": "{{Id}}", "Name": "/web", "Image": "sha256:old", "State": { "Status": "running" }, "Config": {{config}},
                  "HostConfig": {{host}}, "NetworkSettings": { "Networks": {{networks}} }, "Mounts": [] }
                """
            )!;

    private static JsonObject Image(string config = "{}") =>
        (JsonObject)JsonNode.Parse($$"""{ "Id": "sha256:new", "Config": {{config}} }""")!;
}
