using System.Text.Json.Nodes;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Engine.Recreate;

/// <summary>A container's settings before and after it was replaced, read from a real engine.</summary>
public sealed class RecreateKeepsTests(EngineFixture fixture)
{
    private static readonly string[] OldImage =
    [
        "ENV COLOUR=old",
        "ENV KEPT=image",
        "CMD [\"sleep\", \"3600\"]",
        "WORKDIR /tmp",
        "LABEL made=old",
        "EXPOSE 9000",
        "VOLUME /var/image",
    ];

    private static readonly string[] NewImage =
    [
        "ENV COLOUR=new",
        "ENV KEPT=image",
        "ENV ADDED=1",
        "CMD [\"sleep\", \"7200\"]",
        "WORKDIR /etc",
        "LABEL made=new",
        "EXPOSE 9001",
        "VOLUME /var/image",
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task Settings_OfTheContainer_AreTheSameAfterwards()
    {
        await using var lab = await LabAsync("keeps-all");
        var first = await lab.NetworkAsync("keeps-first", "10.213.7.0/24", "fd00:213:7::/64");
        var second = await lab.NetworkAsync("keeps-second", "10.213.8.0/24");
        var named = await lab.VolumeAsync("keeps-named");
        var id = await lab.StartAsync(
            $$$"""
            {
              "Env": ["MINE=1", "KEPT=mine"], "Labels": { "com.docker.compose.project": "keeps", "com.docker.compose.service": "web",
              "own": "label", "com.docker.compose.image": "{{{lab.OldId}}}" },
              "User": "0:0", "Hostname": "chosen", "Domainname": "example.org", "MacAddress": "02:42:0a:d5:07:63",
              "StopSignal": "SIGKILL", "StopTimeout": 3, "Tty": true, "OpenStdin": true,
              "ExposedPorts": { "80/tcp": {}, "81/tcp": {}, "9000/tcp": {} }, "Volumes": { "/var/own": {} },
              "Healthcheck": { "Test": ["CMD", "true"], "Interval": 1000000000, "Timeout": 2000000000, "Retries": 2,
              "StartPeriod": 1000000000 },
              "HostConfig": {
                "Binds": ["{{{named}}}:/data/named:rw", "/proc/version:/version:ro"], "Tmpfs": { "/run": "size=1m" }, "Mounts": [{
                "Type": "volume", "Target": "/var/nameless" }, { "Type": "tmpfs", "Target": "/scratch", "TmpfsOptions": {
                "SizeBytes": 1048576 } }],
                "PortBindings": { "80/tcp": [{ "HostIp": "127.0.0.1", "HostPort": "18731" }], "81/tcp": [{ "HostIp": "",
                "HostPort": "18740-18750" }], "9000/tcp": [{ "HostIp": "127.0.0.1", "HostPort": "" }] },
                "RestartPolicy": { "Name": "on-failure", "MaximumRetryCount": 4 }, "NetworkMode": "{{{first}}}", "Memory": 33554432,
                "MemoryReservation": 16777216, "NanoCpus": 500000000, "CpuShares": 512, "PidsLimit": 100, "OomScoreAdj": 100,
                "CapAdd": ["NET_ADMIN"], "CapDrop": ["MKNOD"], "SecurityOpt": ["no-new-privileges"], "Devices": [{
                "PathOnHost": "/dev/null", "PathInContainer": "/dev/nothing", "CgroupPermissions": "rw" }],
                "Sysctls": { "net.core.somaxconn": "256" }, "Ulimits": [{ "Name": "nofile", "Soft": 256, "Hard": 512 }], "LogConfig": {
                "Type": "json-file", "Config": { "max-size": "1m", "max-file": "2" } },
                "ExtraHosts": ["other:10.0.0.9"], "Dns": ["10.0.0.53"], "DnsSearch": ["example.org"], "DnsOptions": ["ndots:2"],
                "GroupAdd": ["7"], "ShmSize": 1048576, "Init": true, "Runtime": "runc", "IpcMode": "private", "ReadonlyRootfs": false
              },
              "NetworkingConfig": { "EndpointsConfig": { "{{{first}}}": { "Aliases": ["web", "shop"], "IPAMConfig": {
              "IPv4Address": "10.213.7.77", "IPv6Address": "fd00:213:7::77" } } } }
            }
            """
        );
        await lab.Engine.ConnectAsync(
            second,
            id,
            (JsonObject)JsonNode.Parse("""{ "Aliases": ["backend"], "IPAMConfig": { "IPv4Address": "10.213.8.88" } }""")!,
            Cancelled
        );
        await lab.ExecAsync(
            id,
            "echo anonymous > /var/own/a; echo image > /var/image/b; echo nameless > /var/nameless/c; echo named > /data/named/d"
        );
        var before = await lab.InspectAsync(id);

        var result = await lab.UpdateAsync(id, Cancelled);

        Assert.True(result.Succeeded, result.Message);
        var after = await lab.InspectAsync(lab.Name);
        Assert.Equal(
            [
                $"/Config/Cmd[1]: \"3600\" -> \"7200\"",
                "/Config/Env[2]: \"COLOUR=old\" -> \"COLOUR=new\"",
                "/Config/Env[3]: absent -> \"ADDED=1\"",
                "/Config/ExposedPorts/9001/tcp: absent -> {}",
                $"/Config/Labels/com.docker.compose.image: \"{lab.OldId}\" -> \"{lab.NewId}\"",
                "/Config/Labels/made: \"old\" -> \"new\"",
                "/Config/WorkingDir: \"/tmp\" -> \"/etc\"",
                $"/Image: \"{lab.OldId}\" -> \"{lab.NewId}\"",
            ],
            JsonDiff
                .Between(Comparable(before), Comparable(after))
                .Where(line =>
                    !line.StartsWith("/HostConfig/Binds[", StringComparison.Ordinal)
                    && !line.StartsWith("/HostConfig/Mounts[0]/Source", StringComparison.Ordinal)
                )
        );
        Assert.Equal(
            "anonymous image nameless named",
            await lab.ExecAsync(lab.Name, "echo $(cat /var/own/a /var/image/b /var/nameless/c /data/named/d)")
        );
        Assert.Null(await lab.Engine.InspectAsync(id, Cancelled));
        Assert.Equal(VolumesOf(before), VolumesOf(after));
    }

    [EngineTheory]
    [InlineData("host")]
    [InlineData("none")]
    [InlineData("default")]
    [InlineData("container")]
    public async Task NetworkMode_IsKept(string mode)
    {
        await using var lab = await LabAsync($"keeps-{mode}");
        var parent = mode == "container" ? await lab.StartAsync("{}", "keeps-parent") : null;
        var id = await lab.StartAsync($$"""{ "HostConfig": { "NetworkMode": "{{(parent is null ? mode : $"container:{parent}")}}" } }""");
        var before = await lab.InspectAsync(id);

        var result = await lab.UpdateAsync(id, Cancelled);

        Assert.True(result.Succeeded, result.Message);
        var after = await lab.InspectAsync(lab.Name);
        Assert.DoesNotContain(
            JsonDiff.Between(Comparable(before)["HostConfig"], Comparable(after)["HostConfig"]),
            line => !line.StartsWith("/Binds", StringComparison.Ordinal)
        );
        Assert.Equal(
            before["NetworkSettings"]!["Networks"]!.AsObject().Select(one => one.Key),
            after["NetworkSettings"]!["Networks"]!.AsObject().Select(one => one.Key)
        );
        Assert.Equal(mode is "host" or "container", (string)before["Config"]!["Hostname"]! == (string)after["Config"]!["Hostname"]!);
    }

    [EngineFact]
    public async Task ClearedEntryPoint_StaysCleared_AndTheImagesCommandIsUpdated()
    {
        await using var lab = await LabAsync(
            "keeps-entry",
            ["ENTRYPOINT [\"/bin/false\"]", "CMD [\"x\"]"],
            ["ENTRYPOINT [\"/bin/false\"]", "CMD [\"y\"]"]
        );
        var id = await lab.StartAsync("""{ "Entrypoint": [""], "Cmd": ["sleep", "3600"] }""");

        var result = await lab.UpdateAsync(id, Cancelled);

        Assert.True(result.Succeeded, result.Message);
        var config = (await lab.InspectAsync(lab.Name))["Config"]!;
        Assert.Null(config["Entrypoint"]);
        Assert.Equal("""["sleep","3600"]""", config["Cmd"]!.ToJsonString());
    }

    [EngineFact]
    public async Task Stopped_IsReplaced_AndStaysStopped()
    {
        await using var lab = await LabAsync("keeps-stopped");
        var id = await lab.StartAsync("{}");
        await lab.Engine.StopAsync(id, TimeSpan.FromSeconds(10), Cancelled);

        var result = await lab.UpdateAsync(id, Cancelled);

        Assert.True(result.Succeeded, result.Message);
        var after = await lab.InspectAsync(lab.Name);
        Assert.Equal(lab.NewId, (string)after["Image"]!);
        Assert.Equal("created", (string)after["State"]!["Status"]!);
    }

    private Task<RecreateLab> LabAsync(string name, string[]? oldImage = null, string[]? newImage = null) =>
        RecreateLab.StartAsync(fixture, name, oldImage ?? OldImage, newImage ?? NewImage);

    /// <summary>Excludes what the engine generates for each container.</summary>
    private static JsonObject Comparable(JsonObject container)
    {
        var copy = (JsonObject)container.DeepClone();
        foreach (
            var own in (string[])
                [
                    "Id",
                    "Created",
                    "State",
                    "ResolvConfPath",
                    "HostnamePath",
                    "HostsPath",
                    "LogPath",
                    "GraphDriver",
                    "Path",
                    "Args",
                    "Mounts",
                    "ExecIDs",
                ]
        )
        {
            copy.Remove(own);
        }
        var settings = copy["NetworkSettings"]!.AsObject();
        foreach (var own in settings.Where(one => one.Key is not ("Ports" or "Networks")).Select(one => one.Key).ToList())
        {
            settings.Remove(own);
        }
        (settings["Ports"] as JsonObject)?.Remove("9000/tcp"); // any free host port, chosen again
        (settings["Ports"] as JsonObject)?.Remove("9001/tcp");
        (settings["Ports"] as JsonObject)?.Remove("81/tcp"); // any free port of a range
        foreach (var (_, endpoint) in settings["Networks"]!.AsObject())
        {
            endpoint!.AsObject().Remove("EndpointID");
            if (endpoint["Aliases"] is JsonArray aliases)
            {
                aliases.RemoveAll(alias => ((string)container["Id"]!).StartsWith((string)alias!, StringComparison.Ordinal));
            }
        }
        return copy;
    }

    private static IEnumerable<string> VolumesOf(JsonObject container) =>
        container["Mounts"]!
            .AsArray()
            .Select(mount => $"{mount!["Type"]} {mount["Name"]} {mount["Source"]} {mount["Destination"]} {mount["RW"]}")
            .Order(StringComparer.Ordinal);
}
