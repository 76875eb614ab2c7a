using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Clients;
using Xunit;

namespace FleetDashboard.Tests.Web;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("shop-web-1", "shop-web-1")]
    [InlineData("Größe 世界 😀", "Größe 世界 😀")]
    [InlineData("👩\u200d💻", "👩\u200d💻")] // the joiner is part of the emoji
    [InlineData("שלום", "שלום")]
    [InlineData("abc\u202egpj.exe", "abc\ufffdgpj.exe")]
    [InlineData("a\u202ab\u202bc\u202cd\u202de", "a\ufffdb\ufffdc\ufffdd\ufffde")]
    [InlineData("\u2066x\u2067y\u2068z\u2069", "\ufffdx\ufffdy\ufffdz\ufffd")]
    [InlineData("zero\u200bwidth\u200cnon\u2060join\ufeff", "zero\ufffdwidth\ufffdnon\ufffdjoin\ufffd")]
    [InlineData("left\u200eright\u200f\u061c", "left\ufffdright\ufffd\ufffd")]
    [InlineData("line\nfeed\u2028and\u2029more\u0085", "line\ufffdfeed\ufffdand\ufffdmore\ufffd")]
    [InlineData("\u001b[31mred\0\u007f\u009b", "\ufffd[31mred\ufffd\ufffd\ufffd")]
    [InlineData("soft\u00adhyphen", "soft\ufffdhyphen")]
    [InlineData("tag \U000e0041", "tag \ufffd")]
    [InlineData("", "")]
    [InlineData(null, null)]
    public void Clean_ControlCharacters_DoNotAffectSurroundingText(string? text, string? clean) =>
        Assert.Equal(clean, SafeText.Clean(text));

    [Fact]
    public void Clean_HalfASurrogatePair_IsReplaced()
    {
        Assert.Equal("a\ufffdb", SafeText.Clean("a\ud83db"));
        Assert.Equal("a\ufffd", SafeText.Clean("a\ud83d"));
    }

    [Fact]
    public void Clean_SafeText_IsNotCopied()
    {
        var text = "shop " + "web";

        Assert.Same(text, SafeText.Clean(text));
    }

    [Fact]
    public void ReceivedText_AllFields_AreCleaned()
    {
        const string Evil = "\u202eevil";
        var container = Snapshots.Container("shop", Evil) with
        {
            Image = Evil,
            ProtectedReason = Evil,
            Reasons = [new("shop", ReasonCodes.Exited, Evil, HealthColor.Red)],
        };
        var app = Snapshots.App("shop", container) with
        {
            Title = Evil,
            Owner = Evil,
            Ports = [new(Evil, 80, "tcp", Evil, 80, false)],
            Networks = [new(Evil, Evil, [])],
            Databases = [new("shop", Evil, Evil, 1, null, Evil)],
        };
        var snapshot = Snapshots.Create([app]) with { Warnings = [Evil], StaleReason = Evil };

        var texts =
            System.Text.Json.JsonSerializer.Serialize(Received.Clean(snapshot), ContractsJson.Default.FleetSnapshot)
            + System.Text.Json.JsonSerializer.Serialize(
                Received.Clean(FakeJobs.Over(FakeJobs.Running("shop", user: Evil), JobStates.Failed, Evil)),
                ContractsJson.Default.Job
            )
            + System.Text.Json.JsonSerializer.Serialize(
                Received.Clean(new JobLine(Snapshots.At, "shop", Evil)),
                ContractsJson.Default.JobLine
            )
            + System.Text.Json.JsonSerializer.Serialize(
                Received.Clean(new AuditPage([FakeJobs.Record(1, Evil, "restart", "shop", AuditPhases.Outcome, "failed", Evil)], null)),
                ContractsJson.Default.AuditPage
            );

        Assert.DoesNotContain("\\u202E", texts, StringComparison.OrdinalIgnoreCase);
    }
}
