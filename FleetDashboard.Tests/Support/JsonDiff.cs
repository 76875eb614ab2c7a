using System.Text.Json.Nodes;

namespace FleetDashboard.Tests.Support;

/// <summary>The differences between two JSON documents, as paths with both values.</summary>
internal static class JsonDiff
{
    public static IReadOnlyList<string> Between(JsonNode? one, JsonNode? other)
    {
        var (before, after) = (Flat(one), Flat(other));
        return
        [
            .. before
                .Keys.Union(after.Keys)
                .Order(StringComparer.Ordinal)
                .Where(path => before.GetValueOrDefault(path) != after.GetValueOrDefault(path))
                .Select(path => $"{path}: {before.GetValueOrDefault(path, "absent")} -> {after.GetValueOrDefault(path, "absent")}"),
        ];
    }

    private static Dictionary<string, string> Flat(JsonNode? node, string path = "", Dictionary<string, string>? into = null)
    {
        into ??= [];
        switch (node)
        {
            case JsonObject { Count: > 0 } parent:
                foreach (var (name, child) in parent)
                {
                    Flat(child, $"{path}/{name}", into);
                }
                break;
            case JsonArray { Count: > 0 } list:
                for (var i = 0; i < list.Count; i++)
                {
                    Flat(list[i], $"{path}[{i}]", into);
                }
                break;
            default:
                into[path] = node?.ToJsonString() ?? "null";
                break;
        }
        return into;
    }
}
