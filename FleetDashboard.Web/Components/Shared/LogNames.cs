using System.Text.Json;
using System.Text.Json.Serialization;
using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Components.Shared;

/// <summary>A container and its service, as the log view's element reads them.</summary>
internal sealed record LogName(string Name, string Service);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(List<LogName>))]
internal sealed partial class LogNames : JsonSerializerContext
{
    // Sorted by name, so that a container keeps its colour when the state of other containers changes.
    public static string ToJson(IEnumerable<ContainerSnapshot> containers) =>
        JsonSerializer.Serialize(
            containers
                .OrderBy(container => container.Name, StringComparer.Ordinal)
                .Select(container => new LogName(container.Name, container.Service))
                .ToList(),
            Default.ListLogName
        );
}
