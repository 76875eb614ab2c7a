using System.Text.Json.Nodes;

namespace FleetDashboard.Tests.Collector.Fuzz;

/// <summary>
/// Changes a JSON document at random places: fields removed, nulled, retyped, enlarged, repeated. The same seed makes the same changes.
/// </summary>
internal sealed class JsonMutator(Random random)
{
    private static readonly string[] Texts =
    [
        "",
        " ",
        "\u202Eevil",
        "\u0000\u001b[31m",
        "<script>alert(1)</script>",
        "9999-99-99T99:99:99Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.9999999Z",
        "-1",
        "1e400",
        "../../etc/shadow",
        "container:",
        "container:" + new string('f', 64),
        "unhealthy",
        "dead",
        "running",
        "{}",
        "\uFFFF",
    ];

    private static readonly string[] Numbers =
    [
        "0",
        "-1",
        "1",
        "2147483648",
        "-2147483649",
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "1e308",
        "-1e308",
        "0.5",
        "1e-300",
        "4611686018427387904",
        "1125899906842624",
        "65535",
        "65536",
    ];

    /// <summary>The document with one to four changes.</summary>
    public JsonNode? Mutate(JsonNode document)
    {
        JsonNode? changed = new JsonObject { ["root"] = document.DeepClone() };
        for (var change = random.Next(1, 5); change > 0; change--)
        {
            var places = PlaceFleets(changed).ToList();
            if (places.Count == 0)
            {
                break;
            }

            places[random.Next(places.Count)]();
        }

        return changed["root"]?.DeepClone();
    }

    // Every possible change, for every place in the tree.
    private IEnumerable<Action> PlaceFleets(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (name, value) in map)
                {
                    yield return () => Change(map, name, value);
                    foreach (var inner in PlaceFleets(value))
                    {
                        yield return inner;
                    }
                }

                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    var index = i;
                    yield return () => Change(list, index);
                    foreach (var inner in PlaceFleets(list[index]))
                    {
                        yield return inner;
                    }
                }

                break;
        }
    }

    private void Change(JsonObject map, string name, JsonNode? value)
    {
        switch (random.Next(12))
        {
            case 0 or 1 when name != "root":
                map.Remove(name);
                break;
            case 2 when name != "root":
                map.Remove(name);
                map[name + "x"] = value?.DeepClone();
                break;
            default:
                map[name] = Other(value);
                break;
        }
    }

    private void Change(JsonArray list, int index)
    {
        if (index >= list.Count)
        {
            return; // An earlier change of the same case shortened it.
        }

        switch (random.Next(6))
        {
            case 0:
                list.RemoveAt(index);
                break;
            case 1:
                for (var copies = random.Next(1, 40); copies > 0; copies--)
                {
                    list.Add(list[index]?.DeepClone());
                }

                break;
            default:
                list[index] = Other(list[index]);
                break;
        }
    }

    private JsonNode? Other(JsonNode? value) =>
        random.Next(9) switch
        {
            0 => null,
            1 => JsonNode.Parse(Numbers[random.Next(Numbers.Length)]),
            2 => JsonValue.Create(Texts[random.Next(Texts.Length)]),
            3 => JsonValue.Create(new string((char)random.Next('a', 'z'), random.Next(1, 20_000))),
            4 => JsonValue.Create(random.Next(2) == 0),
            5 => new JsonArray(),
            6 => new JsonObject(),
            7 => new JsonArray([.. Enumerable.Range(0, random.Next(1, 300)).Select(_ => value?.DeepClone())]),
            _ => new JsonObject { ["x"] = value?.DeepClone(), [new string('k', random.Next(1, 2_000))] = 1 },
        };
}
