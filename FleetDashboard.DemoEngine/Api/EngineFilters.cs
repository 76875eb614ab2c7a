using System.Text.Json;
using FleetDashboard.DemoEngine.Events;
using FleetDashboard.DemoEngine.Fleet;

namespace FleetDashboard.DemoEngine.Api;

/// <summary>The engine's <c>filters</c> parameter: one of the values of a name must match, and all names must match.</summary>
internal sealed class EngineFilters
{
    private readonly Dictionary<string, List<string>> _wanted = [];

    /// <returns>Null if the text is not a valid filter.</returns>
    public static EngineFilters? Parse(string? text)
    {
        var filters = new EngineFilters();
        if (string.IsNullOrEmpty(text))
        {
            return filters;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            foreach (var filter in document.RootElement.EnumerateObject())
            {
                // Two formats exist: {"label":["a=b"]} and, from before API 1.10, {"label":{"a=b":true}}.
                filters._wanted[filter.Name] =
                    filter.Value.ValueKind == JsonValueKind.Array
                        ? [.. filter.Value.EnumerateArray().Select(value => value.GetString() ?? "")]
                        :
                        [
                            .. filter
                                .Value.EnumerateObject()
                                .Where(value => value.Value.ValueKind == JsonValueKind.True)
                                .Select(value => value.Name),
                        ];
            }

            return filters;
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public bool Has(string name) => _wanted.ContainsKey(name);

    public bool Allows(DemoContainer container) =>
        Any("id", id => container.Plan.Id.StartsWith(id, StringComparison.Ordinal))
        && Any("name", name => ("/" + container.Plan.Name).Contains(name, StringComparison.Ordinal))
        && Any("status", status => StatusText.Word(container.State.Status) == status)
        && Any("health", health => (container.State.Health?.Status ?? "none") == health)
        && All("label", label => HasLabel(container.Plan.Labels, label));

    public bool Allows(DemoEvent happened) =>
        Any("type", type => happened.Type == type)
        && Any("scope", scope => scope is "local")
        && Any(
            "event",
            action =>
                happened.Action == action
                || (Names("event").Any(IsOpenEnded) && happened.Action.StartsWith(action, StringComparison.Ordinal))
        )
        && Any("container", container => happened.Type == "container" && IsAbout(happened, container))
        && Any("network", network => happened.Type == "network" && IsAbout(happened, network))
        && Any("image", image => happened.Attributes.TryGetValue("image", out var from) && from == image)
        && All("label", label => HasLabel(happened.Attributes, label));

    private List<string> Names(string filter) => _wanted.GetValueOrDefault(filter, []);

    // If one of these is among the actions, the engine compares all of them by prefix.
    private static bool IsOpenEnded(string action) => action is "health_status" or "exec_create" or "exec_start";

    private bool Any(string filter, Func<string, bool> holds) =>
        !_wanted.TryGetValue(filter, out var values) || values.Count == 0 || values.Any(holds);

    private bool All(string filter, Func<string, bool> holds) => !_wanted.TryGetValue(filter, out var values) || values.All(holds);

    private static bool IsAbout(DemoEvent happened, string key) =>
        happened.Actor.StartsWith(key, StringComparison.Ordinal) || happened.Attributes["name"] == key;

    private static bool HasLabel(IReadOnlyDictionary<string, string> labels, string label)
    {
        var (name, value) = label.IndexOf('=', StringComparison.Ordinal) is var at and >= 0
            ? (label[..at], label[(at + 1)..])
            : (label, null);
        return labels.TryGetValue(name, out var found) && (value is null || found == value);
    }
}
