using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace FleetDashboard.Collector.Actions.Rebuild;

/// <summary>
/// What a compose file says that a service is built from (https://docs.docker.com/reference/compose-file/build/). Only what the engine's own
/// builder can do is taken over; for the rest there is Compose.
/// </summary>
internal static class ComposeBuild
{
    private static readonly string[] Known = ["context", "dockerfile", "args", "target", "labels"];
    private static readonly string[] Harmless = ["cache_from", "cache_to", "pull", "no_cache", "tags", "platforms"]; // They change how it is built, not from what.

    /// <summary>Reads the files in order; what a later one says of a setting counts.</summary>
    /// <param name="files">The compose files' texts with their names.</param>
    /// <param name="service">The service.</param>
    /// <param name="folder">The project's folder, from which relative paths start.</param>
    public static BuildAnswer Read(IEnumerable<(string Name, string Text)> files, string service, string folder)
    {
        var (settings, origin) = (new Dictionary<string, YamlNode>(), "");
        foreach (var (name, text) in files)
        {
            try
            {
                if (Find(text, service) is { } build)
                {
                    origin = name;
                    foreach (var (key, value) in Settings(build))
                    {
                        settings[key] = value;
                    }
                }
            }
            catch (YamlException wrong)
            {
                return BuildAnswer.None($"{name} line {wrong.Start.Line} is not valid YAML");
            }
        }

        if (settings.Count == 0)
        {
            return BuildAnswer.None("its compose file does not build it");
        }

        if (settings.Keys.FirstOrDefault(key => !Known.Contains(key) && !Harmless.Contains(key)) is { } foreign)
        {
            return BuildAnswer.None($"{origin} builds it with '{foreign}', which only Compose can: rebuild it there");
        }

        try
        {
            var context = Text(settings.GetValueOrDefault("context")) ?? ".";
            return context.Contains("://", StringComparison.Ordinal) || context.StartsWith("git@", StringComparison.Ordinal)
                ? BuildAnswer.None($"{origin} builds it from {context}, which is not a folder")
                : new BuildAnswer(new BuildPlan(
                    Path.GetFullPath(context, folder), Text(settings.GetValueOrDefault("dockerfile")), Pairs(settings.GetValueOrDefault("args")),
                    Text(settings.GetValueOrDefault("target")), Pairs(settings.GetValueOrDefault("labels")), origin), null);
        }
        catch (FormatException wrong)
        {
            return BuildAnswer.None($"{origin}: {wrong.Message}");
        }
    }

    private static YamlNode? Find(string text, string service)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        return Child(Child(Child(yaml.Documents.FirstOrDefault()?.RootNode, "services"), service), "build");
    }

    // "build: ./web" is short for its context.
    private static IEnumerable<(string Key, YamlNode Value)> Settings(YamlNode build) => build is YamlMappingNode map
        ? map.Children.Where(child => child.Key is YamlScalarNode).Select(child => (((YamlScalarNode)child.Key).Value ?? "", child.Value))
        : [("context", build)];

    private static YamlNode? Child(YamlNode? node, string name) =>
        (node as YamlMappingNode)?.Children.FirstOrDefault(child => child.Key is YamlScalarNode key && key.Value == name).Value;

    // A mapping, or a list of NAME=value. A name alone would take its value from Compose's own environment.
    private static ImmutableSortedDictionary<string, string> Pairs(YamlNode? node) => node switch
    {
        YamlMappingNode map => map.Children.ToImmutableSortedDictionary(child => Text(child.Key) ?? "", child => Text(child.Value) ?? throw Environmental(Text(child.Key)), StringComparer.Ordinal),
        YamlSequenceNode list => list.Children.Select(child => (Text(child) ?? "").Split('=', 2)).ToImmutableSortedDictionary(
            pair => pair[0], pair => pair.Length == 2 ? pair[1] : throw Environmental(pair[0]), StringComparer.Ordinal),
        _ => ImmutableSortedDictionary<string, string>.Empty,
    };

    private static string? Text(YamlNode? node)
    {
        const string dollar = "$$";
        if (node is not YamlScalarNode { Value: { } value } || (value is "" or "null" or "~" && node is YamlScalarNode { Style: ScalarStyle.Plain }))
        {
            return null;
        }

        var plain = value.Replace(dollar, "", StringComparison.Ordinal);
        return plain.Contains('$') ? throw Environmental(value) : value.Replace(dollar, "$", StringComparison.Ordinal);
    }

    private static FormatException Environmental(string? what) =>
        new($"'{what}' takes its value from the environment of Compose, which is not known here: name the context in fleet.yaml");
}
