using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// Reads single values of the engine's JSON. A value that is missing, null, of another type or out of range counts as absent. Lengths and
/// counts are limited by <see cref="EngineLimits"/>.
/// </summary>
internal static class EngineJson
{
    /// <summary>The member of this name, where <paramref name="json"/> is an object that has one and it is not null.</summary>
    public static JsonElement? Member(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    /// <summary>A text, cut to <paramref name="length"/>; null where it is absent.</summary>
    public static string? Text(this JsonElement json, string name, int length = EngineLimits.NameLength) =>
        json.Member(name) is { } value ? AsText(value, length) : null;

    /// <summary>A whole number; null where it is absent or too large.</summary>
    public static long? Number(this JsonElement json, string name) => json.Member(name) is { } value ? AsNumber(value) : null;

    public static bool Flag(this JsonElement json, string name) => json.Member(name)?.ValueKind == JsonValueKind.True;

    /// <summary>The items of an array, at most <paramref name="most"/>; empty for anything else.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement? json, int most) =>
        json is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray().Take(most) : [];

    /// <summary>The members of an object, at most <paramref name="most"/>; empty for anything else.</summary>
    public static IEnumerable<JsonProperty> Members(this JsonElement? json, int most) =>
        json is { ValueKind: JsonValueKind.Object } map ? map.EnumerateObject().Take(most) : [];

    /// <summary>Labels: texts only, each limited in length. A repeated key keeps its first value.</summary>
    public static ImmutableDictionary<string, string> Labels(this JsonElement json, string name) =>
        Limit(
            json.Member(name)
                .Members(EngineLimits.Labels)
                .Select(label => KeyValuePair.Create(label.Name, AsText(label.Value, EngineLimits.LabelValueLength) ?? ""))
        );

    /// <summary>Applies the same limits to labels that the client library has read.</summary>
    public static ImmutableDictionary<string, string> Limit(IEnumerable<KeyValuePair<string, string>>? labels) =>
        (labels ?? [])
            .Where(label => label.Key is { Length: > 0 and <= EngineLimits.LabelKeyLength })
            .Take(EngineLimits.Labels)
            .DistinctBy(label => label.Key)
            .ToImmutableDictionary(label => label.Key, label => EngineLimits.Cut(label.Value, EngineLimits.LabelValueLength));

    public static string? AsText(JsonElement value, int length)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? EngineLimits.Cut(value.GetString(), length) : null;
        }
        catch (InvalidOperationException)
        {
            return null; // An invalid escape: half of a surrogate pair.
        }
    }

    public static long? AsNumber(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt64(out var number) => number,
            JsonValueKind.String
                when long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) =>
                number,
            _ => null,
        };

    /// <summary>A time in RFC 3339; null where it is malformed, or the engine's zero year.</summary>
    public static DateTimeOffset? Time(this JsonElement json, string name) => ContainerMapper.Time(json.Text(name, 64));
}
