using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace FleetDashboard.DemoEngine.Logs;

/// <summary>Lines as bytes: plain for a container with a terminal, otherwise each in a frame that names its stream.</summary>
internal static class LogFrames
{
    private const int HeaderBytes = 8;
    private const byte Stdout = 1;
    private const byte Stderr = 2;

    public static void Write(IBufferWriter<byte> output, DemoLogLine line, bool timestamps, bool framed)
    {
        var text = timestamps
            ? line.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z '", CultureInfo.InvariantCulture) + line.Text
            : line.Text;
        // A terminal turns every line feed into two characters.
        text += framed ? "\n" : "\r\n";
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (framed)
        {
            var header = output.GetSpan(HeaderBytes)[..HeaderBytes];
            header.Clear();
            header[0] = line.IsError ? Stderr : Stdout;
            BinaryPrimitives.WriteInt32BigEndian(header[4..], bytes);
            output.Advance(HeaderBytes);
        }

        Encoding.UTF8.GetBytes(text, output.GetSpan(bytes));
        output.Advance(bytes);
    }
}
