using FleetDashboard.Contracts;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>Untrusted text is cleaned and truncated.</summary>
public sealed class CutTextTests
{
    [Theory]
    [InlineData("plain, größer ≥ 日本 🦆", "plain, größer ≥ 日本 🦆")]
    [InlineData("👨\u200D👩\u200D👧", "👨\u200D👩\u200D👧")]
    [InlineData("a\nb\r\tc\0d\u001b[31m\u0085\u009d", "a\uFFFDb\uFFFD\uFFFDc\uFFFDd\uFFFD[31m\uFFFD\uFFFD")]
    [InlineData("\u202Eevil\u202C \u2066x\u2069 \u200E\u200F\u061C", "\uFFFDevil\uFFFD \uFFFDx\uFFFD \uFFFD\uFFFD\uFFFD")]
    [InlineData("zero\u200Bwidth \uFEFF \u00AD \u2060 \u180E", "zero\uFFFDwidth \uFFFD \uFFFD \uFFFD \uFFFD")]
    [InlineData("one\u2028two\u2029three", "one\uFFFDtwo\uFFFDthree")]
    public void Clean_ControlAndInvisibleCharacters_AreReplaced(string text, string clean) =>
        Assert.Equal(clean, SafeText.Clean(text, 100));

    [Fact]
    public void Clean_HalfASurrogatePair_IsReplaced() => Assert.Equal("half \uFFFD", SafeText.Clean("half \ud83e", 100));

    [Theory]
    [InlineData(9, "123456789", "123456789")]
    [InlineData(8, "123456789", "1234567…")]
    [InlineData(3, "🦆🦆", "🦆…")]
    [InlineData(2, "🦆🦆", "\uFFFD…")]
    public void Clean_LongText_IsTruncated(int length, string text, string clean) => Assert.Equal(clean, SafeText.Clean(text, length));
}
