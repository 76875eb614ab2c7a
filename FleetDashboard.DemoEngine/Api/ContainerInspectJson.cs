using System.Text.Json;
using FleetDashboard.DemoEngine.Fleet;

namespace FleetDashboard.DemoEngine.Api;

/// <summary>Writes a container as inspect returns it.</summary>
internal static class ContainerInspectJson
{
    public static void Write(Utf8JsonWriter json, DemoContainer container, DateTimeOffset now)
    {
        var (plan, state) = (container.Plan, container.State);
        var home = $"/var/lib/docker/containers/{plan.Id}";
        json.WriteStartObject();
        json.WriteString("Id", plan.Id);
        json.WriteString("Created", EngineJsonValues.Rfc3339(plan.Created));
        json.WriteString("Path", CommandLine.Path(plan));
        json.WriteStrings("Args", CommandLine.Arguments(plan));
        WriteState(json, container, state, now);
        json.WriteString("Image", plan.Image.Id);
        json.WriteString("ResolvConfPath", home + "/resolv.conf");
        json.WriteString("HostnamePath", home + "/hostname");
        json.WriteString("HostsPath", home + "/hosts");
        json.WriteString("LogPath", $"{home}/{plan.Id}-json.log");
        json.WriteString("Name", "/" + plan.Name);
        json.WriteNumber("RestartCount", state.RestartCount);
        json.WriteString("Driver", "overlay2");
        json.WriteString("Platform", "linux");
        json.WriteString("MountLabel", "");
        json.WriteString("ProcessLabel", "");
        json.WriteString("AppArmorProfile", "");
        json.WriteNull("ExecIDs");
        HostConfigJson.Write(json, plan);
        json.WriteStartObject("GraphDriver");
        json.WriteEmptyObject("Data");
        json.WriteString("Name", "overlay2");
        json.WriteEndObject();
        MountJson.Write(json, plan, withDriver: true);
        ConfigJson.Write(json, plan);
        WriteNetworkSettings(json, container, state);
        json.WriteEndObject();
    }

    private static void WriteState(Utf8JsonWriter json, DemoContainer container, ContainerState state, DateTimeOffset now)
    {
        json.WriteStartObject("State");
        json.WriteString("Status", StatusText.Word(state.Status));
        // A paused container counts as running, and so does one that waits for its restart.
        json.WriteBoolean("Running", state.IsUp || state.Status == RunStatus.Restarting);
        json.WriteBoolean("Paused", state.Status == RunStatus.Paused);
        json.WriteBoolean("Restarting", state.Status == RunStatus.Restarting);
        json.WriteBoolean("OOMKilled", state.OomKilled);
        json.WriteBoolean("Dead", false);
        json.WriteNumber("Pid", state.Pid);
        json.WriteNumber("ExitCode", state.ExitCode);
        json.WriteString("Error", "");
        json.WriteString("StartedAt", EngineJsonValues.Rfc3339(state.StartedAt));
        json.WriteString("FinishedAt", EngineJsonValues.Rfc3339(state.FinishedAt));
        if (state.Health is { } health)
        {
            json.WriteStartObject("Health");
            json.WriteString("Status", health.Status);
            json.WriteNumber("FailingStreak", container.FailingStreak(state, now));
            WriteProbes(json, container, health, state.FinishedAt > state.StartedAt ? state.FinishedAt.Value : state.PausedAt ?? now);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    // The last five probes, computed from the time.
    private static void WriteProbes(Utf8JsonWriter json, DemoContainer container, HealthState health, DateTimeOffset until)
    {
        const int Kept = 5;
        var fails = container.Plan.Behavior == Behavior.Unhealthy;
        var probes = Math.Max(0, (long)((until - health.Since) / HealthState.Interval));
        json.WriteStartArray("Log");
        for (var i = Math.Max(1, probes - Kept + 1); i <= probes; i++)
        {
            var start = health.Since + HealthState.Interval * i;
            json.WriteStartObject();
            json.WriteString("Start", EngineJsonValues.Rfc3339(start));
            json.WriteString("End", EngineJsonValues.Rfc3339(start.AddMilliseconds(SeededRandom.Between(container.Plan.Seed, i, 30, 90))));
            json.WriteNumber("ExitCode", fails ? 1 : 0);
            json.WriteString("Output", fails ? "database ping: context deadline exceeded\n" : "");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteNetworkSettings(Utf8JsonWriter json, DemoContainer container, ContainerState state)
    {
        var plan = container.Plan;
        json.WriteStartObject("NetworkSettings");
        json.WriteString("Bridge", "");
        json.WriteString("SandboxID", state.IsUp ? StableId.Create(1, plan.Id) : "");
        json.WriteStartObject("Ports");
        foreach (var port in state.IsUp ? plan.Ports : [])
        {
            json.WriteStartArray(port.Target + "/tcp");
            foreach (var address in PortBinding.Addresses(port))
            {
                json.WriteStartObject();
                json.WriteString("HostIp", address);
                json.WriteString("HostPort", PortBinding.Number(port.Published));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        // The old single-network fields are filled only on the default bridge.
        var onBridge = plan.Network is { Name: "bridge" } && state.IsUp;
        json.WriteString("EndpointID", onBridge ? StableId.Create(0, "endpoint " + plan.Id) : "");
        json.WriteString("Gateway", onBridge ? plan.Network?.Gateway : "");
        json.WriteString("IPAddress", onBridge ? plan.Address : "");
        json.WriteNumber("IPPrefixLen", onBridge ? 16 : 0);
        json.WriteString("MacAddress", onBridge ? StableId.MacOf(plan.Address) : "");
        NetworkJson.WriteEndpoints(json, container, state, withAliases: true);
        json.WriteEndObject();
    }
}
