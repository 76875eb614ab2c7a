using System.Text.Json.Nodes;

namespace FleetDashboard.Tests.Collector.Fuzz;

/// <summary>Changes each field of a document in turn: missing, of another type, and at both ends of its range.</summary>
internal static class FieldChanges
{
    private static readonly string[] Values =
    [
        "null",
        "\"\"",
        "\"x\"",
        "-1",
        "0",
        "9223372036854775807",
        "1e308",
        "true",
        "[]",
        "{}",
        "\"" + new string('x', 70_000) + "\"",
        "\"9999-12-31T23:59:59Z\"",
    ];

    /// <summary>Every change, with the path of the field and its new value.</summary>
    public static IEnumerable<(string Change, JsonNode Document)> List(JsonNode document)
    {
        foreach (var path in Paths(document, []).ToList())
        {
            var removed = document.DeepClone();
            Remove(removed, path);
            yield return ($"{string.Join('.', path)} missing", removed);
            foreach (var value in Values)
            {
                var changed = document.DeepClone();
                Set(changed, path, JsonNode.Parse(value));
                yield return ($"{string.Join('.', path)} = {value[..Math.Min(30, value.Length)]}", changed);
            }
        }
    }

    // Only the first item of an array is changed: the same code reads every item.
    private static IEnumerable<object[]> Paths(JsonNode? node, object[] path)
    {
        var children = node switch
        {
            JsonObject map => map.Select(member => (Key: (object)member.Key, member.Value)),
            JsonArray { Count: > 0 } list => [(Key: (object)0, Value: list[0])],
            _ => [],
        };
        foreach (var (key, value) in children)
        {
            object[] here = [.. path, key];
            yield return here;
            foreach (var inner in Paths(value, here))
            {
                yield return inner;
            }
        }
    }

    private static void Set(JsonNode document, object[] path, JsonNode? value)
    {
        switch (Parent(document, path), path[^1])
        {
            case (JsonObject map, string name):
                map[name] = value;
                break;
            case (JsonArray list, int index):
                list[index] = value;
                break;
        }
    }

    private static void Remove(JsonNode document, object[] path)
    {
        switch (Parent(document, path), path[^1])
        {
            case (JsonObject map, string name):
                map.Remove(name);
                break;
            case (JsonArray list, int index):
                list.RemoveAt(index);
                break;
        }
    }

    private static JsonNode? Parent(JsonNode? node, object[] path)
    {
        foreach (var key in path[..^1])
        {
            node = key is string name ? node?[name] : node?[(int)key];
        }

        return node;
    }
}
