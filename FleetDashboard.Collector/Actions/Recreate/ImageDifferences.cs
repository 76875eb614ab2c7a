using System.Text.Json.Nodes;
using FleetDashboard.Collector.Fleet;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// Describes what the new image changes, as lines of the job's output. The operator sees them before anything is changed.
/// </summary>
internal static class ImageDifferences
{
    private const int Longest = 200;
    private const int MostKeys = 20;

    // Label prefixes of programs that route traffic, register host names or run commands according to container labels.
    private static readonly string[] Routing =
    [
        "traefik.",
        "caddy",
        "com.github.nginx-proxy.",
        "com.github.jrcs.",
        "haproxy.",
        "easyhaproxy.",
        "swag",
        "sablier.",
        "tsdproxy.",
        "cloudflare.",
        "ofelia.",
        "com.centurylinklabs.",
        "wud.",
        "diun.",
        "homepage.",
        "glance.",
        "autokuma.",
        "kuma.",
        "authelia.",
        "authentik.",
        "crowdsec.",
        "prometheus.",
        "co.elastic.",
    ];

    /// <param name="body">The settings of the new container, as they will be sent.</param>
    /// <param name="old">The settings in the old image. Null if the engine no longer has it.</param>
    /// <param name="fresh">The settings in the new image.</param>
    public static IEnumerable<string> Describe(JsonObject body, JsonObject? old, JsonObject? fresh)
    {
        var user = User(body["User"]);
        if (user.Length > 0 && user != User(fresh?["User"]))
        {
            yield return $"User: stays {user}. The new image's default is {Named(User(fresh?["User"]))}.";
        }

        if (old is null)
        {
            yield return "The old image was removed from this host, so the job cannot distinguish its defaults from configured settings. "
                + "All settings stay as they are.";
            yield break;
        }

        if (user.Length == 0 && User(fresh?["User"]) is var theirs && theirs != User(old["User"]))
        {
            yield return $"User: {Named(User(old["User"]))} changes to {Named(theirs)}, the new image's default.";
        }

        foreach (var (name, label) in ((string, string)[])[("Entrypoint", "Entry point"), ("Cmd", "Command")])
        {
            if (body[name] is null && body["Entrypoint"] is null && Text(old[name]) != Text(fresh?[name]))
            {
                yield return $"{label}: {Text(old[name])} becomes {Text(fresh?[name])}.";
            }
        }

        foreach (
            var (name, label) in ((string, string)[])
                [("Volumes", "New volumes"), ("ExposedPorts", "New exposed ports"), ("Labels", "New or changed labels")]
        )
        {
            if (Added(old[name], fresh?[name], body[name]) is { Count: > 0 } added)
            {
                yield return $"{label}: {List(added)}.";
            }
        }

        if (
            Added(old["Labels"], fresh?["Labels"], body["Labels"])
                .Where(label => IsRouting(label) || ImageLabels.IsReserved(label))
                .ToList() is
            { Count: > 0 } routing
        )
        {
            yield return $"Check these labels, because a reverse proxy or another program may act on them: {List(routing)}.";
        }

        if (!JsonNode.DeepEquals(old["Healthcheck"], fresh?["Healthcheck"]))
        {
            yield return "The image's health check changed.";
        }
    }

    private static bool IsRouting(string label) => Routing.Any(prefix => label.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    // A setting of the container itself overrides the image's.
    private static List<string> Added(JsonNode? old, JsonNode? fresh, JsonNode? set) =>
        [
            .. (fresh as JsonObject ?? [])
                .Where(pair =>
                    !JsonNode.DeepEquals((old as JsonObject)?[pair.Key], pair.Value) || (old as JsonObject)?.ContainsKey(pair.Key) != true
                )
                .Where(pair => (set as JsonObject)?.ContainsKey(pair.Key) != true)
                .Select(pair => pair.Key)
                .Order(StringComparer.Ordinal),
        ];

    private static string List(List<string> keys) =>
        string.Join(", ", keys.Take(MostKeys).Select(Cut)) + (keys.Count > MostKeys ? $" and {keys.Count - MostKeys} more" : "");

    private static string User(JsonNode? user) => user is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static string Named(string user) => user.Length == 0 ? "root" : Cut(user);

    private static string Text(JsonNode? words) =>
        words is JsonArray { Count: > 0 } list ? Cut(string.Join(' ', list.Select(User))) : "none";

    private static string Cut(string text) => text.Length > Longest ? text[..Longest] + "…" : text;
}
