using System.Text;
using System.Text.Json;
using FleetDashboard.Collector.Logs;
using Xunit;

namespace FleetDashboard.Tests.Collector.Logs;

/// <summary>Any bytes that a container prints become a valid JSON string.</summary>
public sealed class LogJsonTests
{
    [Fact]
    public void Escape_EverySingleByte_DecodesLikeUtf8() => Assert.All(Enumerable.Range(0, 256), code => AssertRoundTrip([(byte)code]));

    [Fact]
    public void Escape_RandomBytes_DecodeLikeUtf8()
    {
        var random = new Random(4711);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = new byte[random.Next(0, 64)];
            random.NextBytes(bytes);
            AssertRoundTrip(bytes);
        }
    }

    [Fact]
    public void Escape_ValidCharacters_AreUnchanged() => AssertRoundTrip("plain \"quoted\" \\ \t \0 ü € 😀 \u2028 \e[31m"u8.ToArray());

    private static void AssertRoundTrip(byte[] bytes)
    {
        var output = new byte[(bytes.Length * LogJson.LongestEscape) + 2];
        output[0] = (byte)'"';
        var length = LogJson.Escape(bytes, output.AsSpan(1));
        output[length + 1] = (byte)'"';

        using var json = JsonDocument.Parse(output.AsMemory(0, length + 2));
        Assert.Equal(Encoding.UTF8.GetString(bytes), json.RootElement.GetString());
    }
}
