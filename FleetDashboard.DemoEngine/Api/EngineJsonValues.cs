using System.Globalization;
using System.Text.Json;

namespace FleetDashboard.DemoEngine.Api;

/// <summary>Small values of the engine's JSON.</summary>
internal static class EngineJsonValues
{
    public const string Never = "0001-01-01T00:00:00Z";

    public static string Rfc3339(DateTimeOffset? at) =>
        at is { } moment ? moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture) : Never;

    public static void WriteStrings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    public static void WriteMap(this Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, string>> values)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in values)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    public static void WriteEmptyObject(this Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteEndObject();
    }
}
