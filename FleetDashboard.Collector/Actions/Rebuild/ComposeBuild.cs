using System.Collections.Immutable;
using FleetDashboard.Collector.Metadata;

namespace FleetDashboard.Collector.Actions.Rebuild;

/// <summary>
/// Reads the build section of a Compose service (https://docs.docker.com/reference/compose-file/build/). Only settings that the engine's
/// own builder supports are accepted. Anything else must be built with Compose.
/// </summary>
internal static class ComposeBuild
{
    private static readonly string[] Known = ["context", "dockerfile", "args", "target", "labels"];

    // Settings that change how the image is built, not what it is built from.
    private static readonly string[] Harmless = ["cache_from", "cache_to", "pull", "no_cache", "tags", "platforms"];

    /// <summary>Reads the files in order. A later file overrides settings of an earlier one.</summary>
    /// <param name="files">The texts of the Compose files with their names.</param>
    /// <param name="service">The service.</param>
    /// <param name="folder">The project's folder, to which relative paths refer.</param>
    public static BuildAnswer Read(IEnumerable<(string Name, string Text)> files, string service, string folder)
    {
        var (settings, origin) = (new Dictionary<string, LocatedNode>(), "");
        foreach (var (name, text) in files)
        {
            var errors = new FleetFileErrors();
            var root = YamlReader.Read(text, errors, YamlLimits.Foreign);
            if (errors.ToImmutable() is [var wrong, ..])
            {
                return BuildAnswer.Blocked($"{name} line {wrong.Line} is not valid YAML ({wrong.Sentence.TrimEnd('.')})");
            }

            if (Child(Child(Child(root, "services"), service), "build") is { } build)
            {
                origin = name;
                foreach (var (key, value) in Settings(build))
                {
                    settings[key] = value;
                }
            }
        }

        if (settings.Count == 0)
        {
            return BuildAnswer.Blocked("its Compose file has no build section for it");
        }

        if (settings.Keys.FirstOrDefault(key => !Known.Contains(key) && !Harmless.Contains(key)) is { } foreign)
        {
            return BuildAnswer.Blocked($"{origin} uses '{foreign}', which only Compose supports; rebuild it with Compose");
        }

        try
        {
            var context = Text(settings.GetValueOrDefault("context")) ?? ".";
            return context.Contains("://", StringComparison.Ordinal) || context.StartsWith("git@", StringComparison.Ordinal)
                ? BuildAnswer.Blocked($"{origin} has the build context {context}, which is not a folder")
                : new BuildAnswer(
                    new BuildPlan(
                        Path.GetFullPath(context, folder),
                        Text(settings.GetValueOrDefault("dockerfile")),
                        Pairs(settings.GetValueOrDefault("args")),
                        Text(settings.GetValueOrDefault("target")),
                        Pairs(settings.GetValueOrDefault("labels")),
                        origin
                    ),
                    null
                );
        }
        catch (FormatException wrong)
        {
            return BuildAnswer.Blocked($"{origin}: {wrong.Message}");
        }
        catch (ArgumentException)
        {
            return BuildAnswer.Blocked($"{origin} has a build context that is not a valid path");
        }
    }

    // "build: ./web" is the short form of a context.
    private static IEnumerable<(string Key, LocatedNode Value)> Settings(LocatedNode build) =>
        build is LocatedNode.Map map ? map.Entries.Select(entry => (entry.Key.Value, entry.Value)) : [("context", build)];

    private static LocatedNode? Child(LocatedNode? node, string name) =>
        (node as LocatedNode.Map)?.Entries.FirstOrDefault(entry => entry.Key.Value == name).Value;

    // A mapping, or a list of NAME=value. A name without a value would take it from Compose's environment. If a name is given twice, the
    // last one wins, as in Compose.
    private static ImmutableSortedDictionary<string, string> Pairs(LocatedNode? node)
    {
        var pairs = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (
            var (key, value) in node switch
            {
                LocatedNode.Map map => map.Entries.Select(entry => (Text(entry.Key) ?? "", Text(entry.Value))),
                LocatedNode.List list => list
                    .Items.Select(item => Text(item) ?? "")
                    .Select(item => item.Split('=', 2))
                    .Select(parts => (parts[0], parts.ElementAtOrDefault(1))),
                _ => [],
            }
        )
        {
            pairs[key] = value ?? throw Environmental(key);
        }

        return pairs.ToImmutable();
    }

    private static string? Text(LocatedNode? node)
    {
        const string dollar = "$$";
        if (node is not LocatedNode.Text { IsNothing: false, Value: var value })
        {
            return null;
        }

        var plain = value.Replace(dollar, "", StringComparison.Ordinal);
        return plain.Contains('$') ? throw Environmental(value) : value.Replace(dollar, "$", StringComparison.Ordinal);
    }

    private static FormatException Environmental(string? what) =>
        new($"'{what}' takes its value from Compose's environment, which the Collector cannot see; set the context in fleet.yaml");
}
