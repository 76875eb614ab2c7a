using FleetDashboard.Contracts;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>The one way in which Collector and page write numbers.</summary>
public sealed class FormatTests
{
    public static TheoryData<string, double, string> Table =>
        new()
        {
            { "bytes", 0, "0 B" },
            { "bytes", 1023, "1023 B" },
            { "bytes", 1024, "1 KiB" },
            { "bytes", 1536, "1.5 KiB" },
            { "bytes", 9.96 * 1024 * 1024, "10 MiB" },
            { "bytes", 67_108_864, "64 MiB" },
            { "bytes", 1023.7 * 1024 * 1024, "1 GiB" },
            { "bytes", 25_276_502_016, "23.5 GiB" },
            { "bytes", -5, "0 B" },
            { "bytes", double.NaN, "– B" },
            { "bytes", 1e300, "1024 EiB" },
            { "rate", 1536, "1.5 KiB/s" },
            { "percent", 0, "0 %" },
            { "percent", 0.29, "29 %" }, // 0.29 * 100 is 28.999999999999996.
            { "percent", 0.937, "93 %" }, // Rounded down, in a reason as on a meter.
            { "percent", 0.9999, "99 %" }, // 100 % means full.
            { "percent", 1, "100 %" },
            { "percent", 1.2, "100 %" },
            { "percent", double.NaN, "0 %" },
            { "cores", 0.684, "0.68" },
            { "cores", 0, "0.00" },
            { "cores", -0.1, "0.00" },
            { "cores", 12.44, "12.4" },
            { "core limit", 1, "1 core" },
            { "core limit", 2, "2 cores" },
            { "core limit", 0.5, "0.5 cores" },
            { "duration", 0.4, "0 s" },
            { "duration", 59.9, "59 s" },
            { "duration", 240, "4 min" },
            { "duration", 3 * 3600, "3 h" },
            { "duration", (3 * 3600) + (20 * 60), "3 h 20 min" },
            { "duration", (5 * 86400) + 7200, "5 d 2 h" },
            { "duration", 400 * 86400, "400 d" },
            { "rough duration", 0.4, "1 s" },
            { "rough duration", 7.4, "7 s" },
            { "rough duration", 44, "40 s" },
            { "rough duration", 89 * 60, "89 min" },
            { "rough duration", 35 * 3600, "35 h" },
            { "rough duration", 4 * 86400, "4 d" },
            { "exit code", 3, "3" },
            { "exit code", 137, "137 (killed)" },
        };

    [Theory]
    [MemberData(nameof(Table))]
    public void Number_IsWritten(string what, double value, string expected) =>
        Assert.Equal(
            expected,
            what switch
            {
                "bytes" => Format.Bytes(value),
                "rate" => Format.BytesPerSecond(value),
                "percent" => Format.Percent(value),
                "cores" => Format.Cores(value),
                "core limit" => Format.CoreLimitWithUnit(value),
                "duration" => Format.Duration(TimeSpan.FromSeconds(value)),
                "rough duration" => Format.RoughDuration(TimeSpan.FromSeconds(value)),
                "exit code" => Format.ExitCode((int)value),
                _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
            }
        );

    [Fact]
    public void BytesOf_SameUnit_WritesItOnce() => Assert.Equal(("56", "of 64 MiB"), Format.BytesOf(59_000_000, 67_108_864));

    [Fact]
    public void BytesOf_OtherUnit_WritesBoth() => Assert.Equal(("900 MiB", "of 2 GiB"), Format.BytesOf(900 * 1048576L, 2 * 1073741824L));

    [Theory]
    [InlineData(1, 0, 0, "The app is green")]
    [InlineData(7, 0, 0, "All 7 apps are green")]
    [InlineData(7, 1, 0, "1 app is down")]
    [InlineData(7, 0, 2, "2 apps are struggling")]
    [InlineData(7, 2, 1, "2 apps are down, 1 is struggling")]
    public void Verdict_IsOneSentence(int apps, int down, int struggling, string expected) =>
        Assert.Equal(expected, Verdict.Sentence(apps, down, struggling));
}
