using System.Buffers;
using System.Text.Json;

namespace FleetDashboard.DemoEngine.Events;

/// <summary>An event and its JSON line, which is written once for all subscribers.</summary>
internal sealed record DemoEvent
{
    public DemoEvent(
        string type,
        string action,
        string actor,
        IReadOnlyDictionary<string, string> attributes,
        DateTimeOffset at,
        string scope = "local"
    )
    {
        (Type, Action, Actor, Attributes, At) = (type, action, actor, attributes, at);
        Line = Write(scope);
    }

    public string Type { get; }
    public string Action { get; }
    public string Actor { get; }
    public IReadOnlyDictionary<string, string> Attributes { get; }
    public DateTimeOffset At { get; }
    public ReadOnlyMemory<byte> Line { get; }

    private ReadOnlyMemory<byte> Write(string scope)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (Type == "container")
            {
                // The three old fields from before Type and Action. The engine still sends them, for containers only.
                json.WriteString("status", Action);
                json.WriteString("id", Actor);
                json.WriteString("from", Attributes["image"]);
            }

            json.WriteString("Type"u8, Type);
            json.WriteString("Action"u8, Action);
            json.WriteStartObject("Actor"u8);
            json.WriteString("ID", Actor);
            json.WriteStartObject("Attributes"u8);
            foreach (var (name, value) in Attributes)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteString("scope", scope);
            json.WriteNumber("time", At.ToUnixTimeSeconds());
            json.WriteNumber("timeNano", (At - DateTimeOffset.UnixEpoch).Ticks * 100);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }
}
