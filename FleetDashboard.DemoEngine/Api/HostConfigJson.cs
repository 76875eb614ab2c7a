using System.Text.Json;
using FleetDashboard.DemoEngine.Fleet;

namespace FleetDashboard.DemoEngine.Api;

/// <summary>Writes HostConfig: limits, restart policy, and ports as requested.</summary>
internal static class HostConfigJson
{
    private static readonly string[] Nulls =
    [
        "VolumesFrom",
        "CapAdd",
        "CapDrop",
        "ExtraHosts",
        "GroupAdd",
        "Links",
        "SecurityOpt",
        "DeviceRequests",
        "PidsLimit",
    ];
    private static readonly string[] Zeros =
    [
        "OomScoreAdj",
        "CpuShares",
        "BlkioWeight",
        "CpuPeriod",
        "CpuQuota",
        "KernelMemory",
        "MemoryReservation",
    ];
    private static readonly string[] Falses = ["AutoRemove", "Privileged", "PublishAllPorts", "ReadonlyRootfs", "OomKillDisable"];

    public static void Write(Utf8JsonWriter json, ContainerPlan plan)
    {
        json.WriteStartObject("HostConfig");
        json.WriteStrings("Binds", []);
        json.WriteStartObject("LogConfig");
        json.WriteString("Type", "json-file");
        json.WriteEmptyObject("Config");
        json.WriteEndObject();
        json.WriteString("NetworkMode", plan.NetworkMode);
        WritePortBindings(json, plan);
        json.WriteStartObject("RestartPolicy");
        json.WriteString("Name", plan.RestartPolicy);
        json.WriteNumber("MaximumRetryCount", 0);
        json.WriteEndObject();
        json.WriteNumber("Memory", plan.MemoryLimit);
        json.WriteNumber("MemorySwap", plan.MemoryLimit * 2);
        json.WriteNumber("NanoCpus", plan.NanoCpus);
        json.WriteString("Runtime", "runc");
        json.WriteString("IpcMode", "private");
        json.WriteString("CgroupnsMode", "host");
        json.WriteNumber("ShmSize", 64 << 20);
        foreach (var name in Nulls)
        {
            json.WriteNull(name);
        }

        foreach (var name in Zeros)
        {
            json.WriteNumber(name, 0);
        }

        foreach (var name in Falses)
        {
            json.WriteBoolean(name, false);
        }

        json.WriteEndObject();
    }

    private static void WritePortBindings(Utf8JsonWriter json, ContainerPlan plan)
    {
        json.WriteStartObject("PortBindings");
        foreach (var port in plan.Ports)
        {
            json.WriteStartArray(port.Target + "/tcp");
            json.WriteStartObject();
            json.WriteString("HostIp", port.HostAddress);
            json.WriteString("HostPort", PortBinding.Number(port.Published));
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
