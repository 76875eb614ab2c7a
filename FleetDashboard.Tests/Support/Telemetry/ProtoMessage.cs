using System.Buffers.Binary;
using System.Text;

namespace FleetDashboard.Tests.Support.Telemetry;

/// <summary>A protobuf message without its schema: fields by number, as bytes. Supports only what OTLP needs.</summary>
internal sealed class ProtoMessage
{
    private readonly List<(int Field, byte[] Value)> _fields = [];

    public static ProtoMessage Parse(ReadOnlySpan<byte> bytes)
    {
        var message = new ProtoMessage();
        while (bytes.Length > 0)
        {
            var tag = Varint(ref bytes);
            var value = (tag & 7) switch
            {
                0 => Number(Varint(ref bytes)),
                1 => ReadBytes(ref bytes, 8),
                2 => ReadBytes(ref bytes, (int)Varint(ref bytes)),
                5 => ReadBytes(ref bytes, 4),
                var kind => throw new FormatException($"Unsupported protobuf wire type {kind}."),
            };
            message._fields.Add(((int)(tag >> 3), value));
        }

        return message;
    }

    public IEnumerable<ProtoMessage> All(int field) => _fields.Where(one => one.Field == field).Select(one => Parse(one.Value));

    public string Text(int field) => Encoding.UTF8.GetString(Last(field));

    public string Hex(int field) => Convert.ToHexStringLower(Last(field));

    private byte[] Last(int field) => _fields.LastOrDefault(one => one.Field == field).Value ?? [];

    private static byte[] Number(ulong value)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] ReadBytes(ref ReadOnlySpan<byte> bytes, int length)
    {
        var taken = bytes[..length].ToArray();
        bytes = bytes[length..];
        return taken;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var one = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(one & 0x7f) << shift;
            if (one < 0x80)
            {
                return value;
            }
        }
    }
}
