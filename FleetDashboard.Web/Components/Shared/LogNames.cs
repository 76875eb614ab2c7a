using System.Text.Json;
using System.Text.Json.Serialization;
using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Components.Shared;

/// <summary>Whose lines a log view shows, and what to call them: as the view's element reads it.</summary>
internal sealed record LogName(string Name, string Service);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(List<LogName>))]
internal sealed partial class LogNames : JsonSerializerContext
{
    // By name, so that a container keeps its colour whatever becomes of its neighbours' state.
    public static string ToJson(IEnumerable<ContainerSnapshot> containers) =>
        JsonSerializer.Serialize(
            containers
                .OrderBy(container => container.Name, StringComparer.Ordinal)
                .Select(container => new LogName(container.Name, container.Service))
                .ToList(),
            Default.ListLogName
        );
}
