using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Fleet;

/// <summary>The app that a container belongs to, and why.</summary>
internal sealed record AppKey(string Name, AppOrigin Origin);

/// <summary>
/// Groups containers into apps. In this order: fleet.yaml, the label <c>fleet.app</c>, the Compose project, the Swarm stack, the container
/// whose network it shares, a shared first part of the name, a network that only they share, an app of its own. Pure, and independent of
/// the order of its input.
/// </summary>
internal static class AppGrouping
{
    public const string AppLabel = "fleet.app";
    public const string ComposeProject = "com.docker.compose.project";
    public const string ComposeService = "com.docker.compose.service";
    public const string ComposeNumber = "com.docker.compose.container-number";
    public const string SwarmStack = "com.docker.stack.namespace";
    public const string SwarmService = "com.docker.swarm.service.name";

    private const int MaxNameLength = 128;
    private static readonly char[] Separators = ['-', '_', '.'];
    private static readonly string[] SharedByAll = ["bridge", "host", "none", "ingress", "docker_gwbridge"];

    public static ImmutableDictionary<string, AppKey> Assign(IReadOnlyCollection<ContainerFacts> containers, FileClaims? file = null)
    {
        var apps = new Dictionary<string, AppKey>();
        foreach (var container in containers)
        {
            if ((FromFile(container, file) ?? FromLabels(container)) is { } key)
            {
                apps[container.Id] = key;
            }
        }

        JoinByNetworkMode(containers, apps);
        JoinByPrefix(Rest(), apps);
        JoinByNetwork(containers, apps);
        foreach (var container in Rest())
        {
            apps[container.Id] = new AppKey(container.Name, AppOrigin.Container);
        }

        // A second pass: a container may share the network of one that found its app by name only now.
        JoinByNetworkMode(containers, apps);
        return apps.ToImmutableDictionary();

        List<ContainerFacts> Rest() =>
            [
                .. containers
                    .Where(container => !apps.ContainsKey(container.Id))
                    .OrderBy(container => container.Name, StringComparer.Ordinal),
            ];
    }

    /// <summary>The container's name inside its app.</summary>
    public static string ServiceName(ContainerFacts container, string app)
    {
        if (container.IsOneOff)
        {
            return WithoutPrefix(container.Name, app); // "web-run-1a2b": its service label would make it look like the service itself.
        }

        if (Label(container, ComposeService) is { } service)
        {
            return Label(container, ComposeNumber) is { } number and not "1" ? $"{service}-{number}" : service;
        }

        if (Label(container, SwarmService) is { } swarm)
        {
            return WithoutPrefix(swarm, app);
        }

        return WithoutPrefix(container.Name, app);
    }

    private static AppKey? FromFile(ContainerFacts container, FileClaims? file) =>
        file?.Owner(container) is { } app ? new AppKey(app.Name, AppOrigin.File) : null;

    private static AppKey? FromLabels(ContainerFacts container) =>
        Label(container, AppLabel) is { } own ? new AppKey(own, AppOrigin.Label)
        : Label(container, ComposeProject) is { } project ? new AppKey(project, AppOrigin.Compose)
        : Label(container, SwarmStack) is { } stack ? new AppKey(stack, AppOrigin.Stack)
        : null;

    private static string? Label(ContainerFacts container, string name)
    {
        if (!container.Labels.TryGetValue(name, out var value) || string.IsNullOrWhiteSpace(value))
        {
            return null;
        }

        var text = string.Concat(value.Trim().Where(c => !char.IsControl(c)));
        return text.Length > MaxNameLength ? text[..MaxNameLength] : text;
    }

    private static void JoinByNetworkMode(IReadOnlyCollection<ContainerFacts> containers, Dictionary<string, AppKey> apps)
    {
        foreach (var container in containers)
        {
            if (SharedNamespace.OwnerIn(container.NetworkMode) is not { } target)
            {
                continue;
            }

            var alone = !apps.TryGetValue(container.Id, out var own) || own.Origin == AppOrigin.Container;
            var host = containers.FirstOrDefault(other => other.Id == target || other.Name == target);
            if (alone && host is not null && apps.TryGetValue(host.Id, out var app))
            {
                apps[container.Id] = app;
            }
        }
    }

    private static void JoinByPrefix(List<ContainerFacts> rest, Dictionary<string, AppKey> apps)
    {
        var known = apps
            .Values.Distinct()
            .GroupBy(key => key.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);
        foreach (
            var group in rest.GroupBy(container => FirstPart(container.Name), StringComparer.OrdinalIgnoreCase).Where(g => g.Key.Length > 1)
        )
        {
            var members = group.ToList();
            var key =
                known.TryGetValue(group.Key, out var existing) && members.TrueForAll(member => member.Name.Length > group.Key.Length)
                    ? existing
                : members.Count > 1 ? new AppKey(CommonPrefix(members), AppOrigin.Prefix)
                : null;
            foreach (var member in key is null ? [] : members)
            {
                apps[member.Id] = key!;
            }
        }
    }

    private static void JoinByNetwork(IReadOnlyCollection<ContainerFacts> containers, Dictionary<string, AppKey> apps)
    {
        var members = containers
            .SelectMany(container => container.Networks.Select(network => (Network: (network.Name, Id: network.NetworkId), container)))
            .Where(pair => !SharedByAll.Contains(pair.Network.Name))
            .GroupBy(pair => pair.Network, pair => pair.container)
            .OrderBy(group => group.Key.Name, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Id, StringComparer.Ordinal)
            .ToList();
        var ambiguous = members
            .GroupBy(network => network.Key.Name)
            .Where(group => group.Count() > 1)
            .Select(group => group.Key)
            .ToHashSet();
        foreach (var network in members)
        {
            if (network.Count() > 1 && network.All(container => !apps.ContainsKey(container.Id)))
            {
                foreach (var container in network)
                {
                    var (name, id) = network.Key;
                    apps[container.Id] = new AppKey(
                        ambiguous.Contains(name) && id.Length > 0 ? $"{name} {ShortId.From(id)}" : name,
                        AppOrigin.Network
                    );
                }
            }
        }
    }

    private static string FirstPart(string name)
    {
        var end = name.IndexOfAny(Separators);
        return end <= 0 ? name : name[..end];
    }

    private static string CommonPrefix(List<ContainerFacts> members)
    {
        var parts = members.ConvertAll(member => member.Name.Split(Separators));
        var shared = 1;
        while (
            parts.TrueForAll(p => p.Length > shared + 1 && string.Equals(p[shared], parts[0][shared], StringComparison.OrdinalIgnoreCase))
        )
        {
            shared++;
        }

        var length = parts[0].Take(shared).Sum(part => part.Length) + shared - 1;
        return members[0].Name[..length];
    }

    private static string WithoutPrefix(string name, string app) =>
        name.Length > app.Length + 1 && name.StartsWith(app, StringComparison.OrdinalIgnoreCase) && Separators.Contains(name[app.Length])
            ? name[(app.Length + 1)..]
            : name;
}
