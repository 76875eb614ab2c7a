using FleetDashboard.Collector.Engine;
using Xunit;

namespace FleetDashboard.Tests.Collector.Engine;

/// <summary>The choice of the engine's API version.</summary>
public sealed class EngineApiTests
{
    [Theory]
    [InlineData("1.41", "1.12", "1.41")] // Docker 20.10
    [InlineData("1.43", "1.12", "1.43")] // Docker 24
    [InlineData("1.44", "1.24", "1.44")] // Docker 25, Podman 5.8
    [InlineData("1.51", "1.24", "1.51")] // Docker 28.5
    [InlineData("1.52", "1.44", "1.51")] // Docker 29.0
    [InlineData("1.55", "1.40", "1.51")] // Docker 29.7
    [InlineData("1.70", "1.60", "1.60")] // An engine that dropped every version of the Collector.
    [InlineData(null, null, "1.41")]
    [InlineData("strange", "1.x", "1.41")]
    public void Version_IsTheNewestThatBothSpeak(string? newest, string? oldest, string expected) =>
        Assert.Equal(Version.Parse(expected), EngineApi.Choose("Docker", "1.2.3", newest, oldest));

    [Theory]
    [InlineData("Docker", "19.03.15", "1.40", "Docker 19.03 is too old: 20.10 or newer is needed.")]
    [InlineData("Docker", "18.09.1-ce", "1.39", "Docker 18.09 is too old: 20.10 or newer is needed.")]
    [InlineData("Docker", "1.13.1", "1.26", "Docker 1.13 is too old: 20.10 or newer is needed.")]
    [InlineData(
        "Podman Engine",
        "2.2.1",
        "1.40",
        "Podman Engine 2.2.1 is too old: it speaks API 1.40, and 1.41 (Docker 20.10) or newer is needed."
    )]
    public void Engine_BelowTheOldest_IsTooOldInOneSentence(string engine, string release, string newest, string sentence)
    {
        var fault = Assert.Throws<EngineTooOldException>(() => EngineApi.Choose(engine, release, newest, "1.12"));

        Assert.Equal(sentence, EngineFault.Describe(fault));
    }
}
