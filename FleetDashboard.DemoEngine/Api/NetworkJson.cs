using System.Text.Json;
using FleetDashboard.DemoEngine.Fleet;

namespace FleetDashboard.DemoEngine.Api;

/// <summary>Writes networks and the endpoints of containers.</summary>
internal static class NetworkJson
{
    private static readonly string[] Unused = ["IPv6Gateway", "GlobalIPv6Address"];

    public static void Write(Utf8JsonWriter json, NetworkPlan network, IEnumerable<DemoContainer> members)
    {
        json.WriteStartObject();
        json.WriteString("Name", network.Name);
        json.WriteString("Id", network.Id);
        json.WriteString("Created", EngineJsonValues.Rfc3339(network.Created));
        json.WriteString("Scope", network.Scope);
        json.WriteString("Driver", network.Driver);
        json.WriteBoolean("EnableIPv6", false);
        json.WriteStartObject("IPAM");
        json.WriteString("Driver", "default");
        json.WriteNull("Options");
        json.WriteStartArray("Config");
        if (network.Subnet.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("Subnet", network.Name == "bridge" ? "172.17.0.0/16" : network.Subnet);
            json.WriteString("Gateway", network.Gateway);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteBoolean("Internal", false);
        json.WriteBoolean("Attachable", network.Driver == "overlay");
        json.WriteBoolean("Ingress", false);
        json.WriteStartObject("ConfigFrom");
        json.WriteString("Network", "");
        json.WriteEndObject();
        json.WriteBoolean("ConfigOnly", false);
        json.WriteStartObject("Containers");
        foreach (var member in members)
        {
            json.WriteStartObject(member.Plan.Id);
            json.WriteString("Name", member.Plan.Name);
            json.WriteString("EndpointID", StableId.Create(0, "endpoint " + member.Plan.Id));
            json.WriteString("MacAddress", StableId.MacOf(member.Plan.Address));
            json.WriteString(
                "IPv4Address",
                member.Plan.Address.Length > 0 ? member.Plan.Address + (network.Name == "bridge" ? "/16" : "/24") : ""
            );
            json.WriteString("IPv6Address", "");
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEmptyObject("Options");
        json.WriteMap("Labels", network.Labels);
        json.WriteEndObject();
    }

    // The list omits the aliases; inspect includes them.
    public static void WriteEndpoints(Utf8JsonWriter json, DemoContainer container, ContainerState state, bool withAliases)
    {
        var plan = container.Plan;
        json.WriteStartObject("Networks");
        if (plan.Network is { } network)
        {
            // A container has an address only while it is running.
            var address = state.IsUp ? plan.Address : "";
            json.WriteStartObject(network.Name);
            json.WriteNull("IPAMConfig");
            json.WriteNull("Links");
            if (withAliases && network.Name != "bridge" && network.Name != "host")
            {
                json.WriteStrings("Aliases", plan.Aliases.Append(plan.Id[..12]));
            }
            else
            {
                json.WriteNull("Aliases");
            }

            json.WriteString("NetworkID", network.Id);
            json.WriteString("EndpointID", state.IsUp ? StableId.Create(0, "endpoint " + plan.Id) : "");
            json.WriteString("Gateway", address.Length > 0 ? network.Gateway : "");
            json.WriteString("IPAddress", address);
            json.WriteNumber(
                "IPPrefixLen",
                address.Length == 0 ? 0
                    : network.Name == "bridge" ? 16
                    : 24
            );
            foreach (var unused in Unused)
            {
                json.WriteString(unused, "");
            }

            json.WriteNumber("GlobalIPv6PrefixLen", 0);
            json.WriteString("MacAddress", StableId.MacOf(address));
            json.WriteNull("DriverOpts");
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
