using System.Text.Json.Nodes;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// Names the volumes that the engine made for the old container without being told a name: only by name can the successor have them. Those that
/// somebody named, and folders of the host, are in the settings already.
/// </summary>
internal static class HeldVolumes
{
    public static void Name(JsonObject host, JsonArray mounts)
    {
        var binds = host["Binds"] as JsonArray ?? [];
        var wanted = host["Mounts"] as JsonArray ?? [];
        var placed = binds.Select(bind => TargetOf((string)bind!)).ToHashSet();
        foreach (var mount in mounts.OfType<JsonObject>().Where(mount => (string?)mount["Type"] == "volume" && (string?)mount["Name"] is { Length: > 0 }))
        {
            var (name, target) = ((string)mount["Name"]!, (string)mount["Destination"]!);
            if (wanted.OfType<JsonObject>().FirstOrDefault(one => (string?)one["Target"] == target) is { } nameless)
            {
                nameless["Source"] ??= name;
                if ((string?)nameless["Source"] is "")
                {
                    nameless["Source"] = name;
                }
            }
            else if (placed.Add(target))
            {
                binds.Add((JsonNode)$"{name}:{target}{((bool?)mount["RW"] == false ? ":ro" : "")}");
            }
        }

        if (binds.Count > 0 && binds.Parent is null)
        {
            host["Binds"] = binds;
        }
    }

    // source:target[:mode], and just the target for what has no name.
    private static string TargetOf(string bind)
    {
        var parts = bind.Split(':');
        return parts.Length > 1 ? parts[1] : parts[0];
    }
}
