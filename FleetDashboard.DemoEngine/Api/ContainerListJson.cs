using System.Globalization;
using System.Text.Json;
using FleetDashboard.DemoEngine.Fleet;

namespace FleetDashboard.DemoEngine.Api;

/// <summary>Writes a container as an item of the list.</summary>
internal static class ContainerListJson
{
    public static void Write(Utf8JsonWriter json, DemoContainer container, DateTimeOffset now)
    {
        var (plan, state) = (container.Plan, container.State);
        json.WriteStartObject();
        json.WriteString("Id", plan.Id);
        json.WriteStartArray("Names");
        json.WriteStringValue("/" + plan.Name);
        json.WriteEndArray();
        json.WriteString("Image", plan.Image.Name);
        json.WriteString("ImageID", plan.Image.Id);
        json.WriteString("Command", CommandLine.Path(plan) + " " + string.Join(' ', CommandLine.Arguments(plan)));
        json.WriteNumber("Created", plan.Created.ToUnixTimeSeconds());
        WritePorts(json, plan, state);
        json.WriteMap("Labels", plan.Labels);
        json.WriteString("State", StatusText.Word(state.Status));
        json.WriteString("Status", StatusText.Format(state, now));
        json.WriteStartObject("HostConfig");
        json.WriteString("NetworkMode", plan.NetworkMode);
        json.WriteEndObject();
        json.WriteStartObject("NetworkSettings");
        NetworkJson.WriteEndpoints(json, container, state, withAliases: false);
        json.WriteEndObject();
        MountJson.Write(json, plan, withDriver: true);
        json.WriteEndObject();
    }

    // Only running containers have ports: the list shows none for a stopped container.
    private static void WritePorts(Utf8JsonWriter json, ContainerPlan plan, ContainerState state)
    {
        json.WriteStartArray("Ports");
        foreach (var port in state.IsUp ? plan.Ports : [])
        {
            foreach (var address in PortBinding.Addresses(port))
            {
                json.WriteStartObject();
                json.WriteString("IP", address);
                json.WriteNumber("PrivatePort", port.Target);
                json.WriteNumber("PublicPort", port.Published);
                json.WriteString("Type", "tcp");
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }
}

internal static class PortBinding
{
    private static readonly string[] Everywhere = ["0.0.0.0", "::"];

    /// <summary>A port published without an address is bound twice, once for IPv4 and once for IPv6.</summary>
    public static string[] Addresses(PortPlan port) => port.HostAddress.Length == 0 ? Everywhere : [port.HostAddress];

    public static string Number(int port) => port.ToString(CultureInfo.InvariantCulture);
}

internal static class CommandLine
{
    public static string Path(ContainerPlan plan) =>
        plan.Kind switch
        {
            ContainerKind.Postgres or ContainerKind.MariaDb or ContainerKind.Redis => "docker-entrypoint.sh",
            _ => "/app/run",
        };

    public static string[] Arguments(ContainerPlan plan) =>
        plan.Kind switch
        {
            ContainerKind.Postgres => ["postgres"],
            ContainerKind.MariaDb => ["mariadbd"],
            ContainerKind.Redis => ["redis-server"],
            ContainerKind.Job => ["migrate"],
            _ => ["serve"],
        };
}

internal static class MountJson
{
    public static void Write(Utf8JsonWriter json, ContainerPlan plan, bool withDriver)
    {
        json.WriteStartArray("Mounts");
        if (plan.Volume is { } volume)
        {
            json.WriteStartObject();
            json.WriteString("Type", "volume");
            json.WriteString("Name", volume);
            json.WriteString("Source", $"/var/lib/docker/volumes/{volume}/_data");
            json.WriteString("Destination", plan.Kind == ContainerKind.Postgres ? "/var/lib/postgresql/data" : "/var/lib/mysql");
            if (withDriver)
            {
                json.WriteString("Driver", "local");
            }

            json.WriteString("Mode", "z");
            json.WriteBoolean("RW", true);
            json.WriteString("Propagation", "");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
