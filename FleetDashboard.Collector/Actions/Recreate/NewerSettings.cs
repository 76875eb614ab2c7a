using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// Finds settings of a container that the API version in use cannot send. The engine would silently drop some and reject others after the
/// old container was stopped, so an update that finds one is refused before anything is changed.
/// </summary>
internal static class NewerSettings
{
    private static readonly Version V142 = new(1, 42),
        V143 = new(1, 43),
        V144 = new(1, 44),
        V145 = new(1, 45),
        V146 = new(1, 46),
        V148 = new(1, 48);

    // The host settings of the newest API version that this code supports, in lower case.
    private static readonly ImmutableHashSet<string> KnownHost = Names(
        """
        binds containeridfile logconfig networkmode portbindings restartpolicy autoremove volumedriver volumesfrom consolesize annotations
        capadd capdrop cgroupnsmode dns dnsoptions dnssearch extrahosts groupadd ipcmode cgroup links oomscoreadj pidmode privileged
        publishallports readonlyrootfs securityopt storageopt tmpfs utsmode usernsmode shmsize sysctls runtime isolation mounts
        maskedpaths readonlypaths init cpushares memory nanocpus cgroupparent blkioweight blkioweightdevice blkiodevicereadbps
        blkiodevicewritebps blkiodevicereadiops blkiodevicewriteiops cpuperiod cpuquota cpurealtimeperiod cpurealtimeruntime cpusetcpus
        cpusetmems devices devicecgrouprules devicerequests kernelmemory kernelmemorytcp memoryreservation memoryswap memoryswappiness
        oomkilldisable pidslimit ulimits cpucount cpupercent iomaximumiops iomaximumbandwidth
        """
    );

    private static readonly ImmutableHashSet<string> KnownConfig = Names(
        """
        hostname domainname user attachstdin attachstdout attachstderr exposedports tty openstdin stdinonce env cmd healthcheck
        argsescaped image volumes workingdir entrypoint networkdisabled macaddress onbuild labels stopsignal stoptimeout shell
        """
    );

    private static readonly ImmutableHashSet<string> KnownMount = Names(
        "type source target readonly consistency bindoptions volumeoptions imageoptions tmpfsoptions clusteroptions"
    );

    private static readonly ImmutableHashSet<string> KnownOptions = Names(
        "propagation nonrecursive createmountpoint readonlynonrecursive readonlyforcerecursive nocopy labels driverconfig subpath "
            + "sizebytes mode options"
    );

    /// <summary>Names the first setting that cannot be sent, e.g. <c>VolumeOptions.Subpath (API 1.45)</c>. Null if all can.</summary>
    /// <param name="container">The engine's description of the container.</param>
    /// <param name="inUse">The API version in use.</param>
    /// <param name="engine">The newest API version of the engine. It may report newer settings in older versions too.</param>
    public static string? Find(JsonObject container, Version inUse, Version engine)
    {
        var host = container["HostConfig"] as JsonObject ?? [];
        var config = container["Config"] as JsonObject ?? [];
        var mounts = (host["Mounts"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        return Needed().Where(need => need.Since > inUse).Select(need => $"{need.Name} (API {need.Since})").FirstOrDefault()
            ?? (engine > inUse ? Unknown() : null);

        IEnumerable<(string Name, Version Since)> Needed()
        {
            foreach (
                var (node, name, since) in (IEnumerable<(JsonNode?, string, Version)>)
                    [
                        (host["Annotations"], "HostConfig.Annotations", V143),
                        (config["Healthcheck"]?["StartInterval"], "Healthcheck.StartInterval", V144),
                        .. mounts.SelectMany(mount =>
                            ((JsonNode?, string, Version)[])
                                [
                                    (mount["BindOptions"]?["CreateMountpoint"], "BindOptions.CreateMountpoint", V142),
                                    (mount["BindOptions"]?["ReadOnlyNonRecursive"], "BindOptions.ReadOnlyNonRecursive", V144),
                                    (mount["BindOptions"]?["ReadOnlyForceRecursive"], "BindOptions.ReadOnlyForceRecursive", V144),
                                    (mount["VolumeOptions"]?["Subpath"], "VolumeOptions.Subpath", V145),
                                    (mount["TmpfsOptions"]?["Options"], "TmpfsOptions.Options", V146),
                                    ((string?)mount["Type"] == "image" ? mount : null, "a mount of an image", V148),
                                ]
                        ),
                        .. Endpoints().Select(endpoint => (endpoint["GwPriority"], "GwPriority", V148)),
                    ]
            )
            {
                if (IsSet(node))
                {
                    yield return (name, since);
                }
            }
        }

        IEnumerable<JsonObject> Endpoints() =>
            (container["NetworkSettings"]?["Networks"] as JsonObject ?? []).Select(network => network.Value).OfType<JsonObject>();

        string? Unknown()
        {
            string[] options = ["BindOptions", "VolumeOptions", "TmpfsOptions", "ImageOptions"];
            return First(host, KnownHost, "HostConfig")
                ?? First(config, KnownConfig, "Config")
                ?? mounts.Select(mount => First(mount, KnownMount, "Mounts")).FirstOrDefault(found => found is not null)
                ?? mounts
                    .SelectMany(mount => options.Select(name => First(mount[name] as JsonObject ?? [], KnownOptions, name)))
                    .FirstOrDefault(found => found is not null);
        }

        string? First(JsonObject settings, ImmutableHashSet<string> known, string of) =>
            settings
                .Where(setting => !known.Contains(setting.Key.ToLowerInvariant()) && IsSet(setting.Value))
                .Select(setting => $"{of}.{setting.Key} (newer than API {inUse})")
                .FirstOrDefault();
    }

    // The engine reports many settings that were never configured, with empty or default values.
    private static bool IsSet(JsonNode? node) =>
        node switch
        {
            null or JsonArray { Count: 0 } or JsonObject { Count: 0 } => false,
            JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
            JsonValue value when value.TryGetValue<double>(out var number) => number != 0,
            JsonValue value when value.TryGetValue<string>(out var text) => text.Length > 0,
            _ => true,
        };

    private static ImmutableHashSet<string> Names(string words) => [.. words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
}
