using System.Text.Json.Nodes;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// Adds the names of the old container's anonymous volumes to the settings: a new container can mount them only by name. Named volumes and
/// bind mounts are in the settings already. Mount paths are compared as the engine compares them: <c>/data/</c> is <c>/data</c>.
/// </summary>
internal static class AnonymousVolumes
{
    public static void Name(JsonObject config, JsonObject host, JsonArray mounts)
    {
        var held = mounts
            .OfType<JsonObject>()
            .Where(mount => (string?)mount["Type"] == "volume" && NameOf(mount) is not null)
            .Select(mount =>
                (Name: NameOf(mount)!, Target: MountPath.Clean((string)mount["Destination"]!), IsReadOnly: (bool?)mount["RW"] == false)
            )
            .ToList();
        var binds = host["Binds"] as JsonArray ?? [];
        for (var i = 0; i < binds.Count; i++)
        {
            if (
                held.FirstOrDefault(volume => IsNameless((string)binds[i]!) && volume.Target == MountPath.OfBind((string)binds[i]!)) is
                { Name: not null } volume
            )
            {
                binds[i] = Bind(volume);
            }
        }

        var wanted = (host["Mounts"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        var placed = binds.Select(bind => MountPath.OfBind((string)bind!)).ToHashSet();
        foreach (var volume in held)
        {
            if (wanted.Find(one => MountPath.Clean((string?)one["Target"] ?? "") == volume.Target) is { } mount)
            {
                if ((string?)mount["Type"] == "volume" && (string?)mount["Source"] is null or "")
                {
                    mount["Source"] = volume.Name;
                }
            }
            else if (placed.Add(volume.Target))
            {
                binds.Add((JsonNode)Bind(volume));
            }
        }

        if (binds.Count > 0 && binds.Parent is null)
        {
            host["Binds"] = binds;
        }

        CleanPaths(config["Volumes"] as JsonObject);
    }

    // The engine compares these paths literally: "/data/" would get a new, empty volume on top of the existing one.
    private static void CleanPaths(JsonObject? volumes)
    {
        foreach (var (path, value) in (volumes ?? []).Where(volume => MountPath.Clean(volume.Key) != volume.Key).ToList())
        {
            volumes!.Remove(path);
            volumes[MountPath.Clean(path)] = value?.DeepClone() ?? new JsonObject();
        }
    }

    private static string Bind((string Name, string Target, bool IsReadOnly) volume) =>
        $"{volume.Name}:{volume.Target}{(volume.IsReadOnly ? ":ro" : "")}";

    // For a bind with only a target, Docker 28 reports no volume name but its path: /var/lib/docker/volumes/NAME/_data.
    private static string? NameOf(JsonObject mount) =>
        (string?)mount["Name"] is { Length: > 0 } name ? name
        : (string?)mount["Driver"] is "local" && ((string?)mount["Source"])?.Split('/') is [.., "volumes", { Length: > 0 } folder, "_data"]
            ? folder
        : null;

    private static bool IsNameless(string bind) => !bind.Contains(':');
}
