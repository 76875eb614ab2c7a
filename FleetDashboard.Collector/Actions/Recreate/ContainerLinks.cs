using System.Text.Json.Nodes;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>The engine reports a legacy link as <c>/other:/me/alias</c> and expects <c>other:alias</c>.</summary>
internal static class ContainerLinks
{
    public static void Convert(JsonObject host)
    {
        if (host["Links"] is JsonArray links)
        {
            host["Links"] = new JsonArray([.. links.Select(link => (JsonNode?)Short((string)link!))]);
        }
    }

    private static string Short(string link)
    {
        var parts = link.Split(':');
        return parts.Length == 2 ? $"{parts[0].TrimStart('/')}:{parts[1][(parts[1].LastIndexOf('/') + 1)..]}" : link;
    }
}
