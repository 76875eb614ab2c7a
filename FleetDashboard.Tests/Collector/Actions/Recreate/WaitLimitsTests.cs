using System.Text.Json.Nodes;
using FleetDashboard.Collector.Actions.Recreate;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Actions.Recreate;

/// <summary>Every wait of an action is limited, whatever a container declares.</summary>
public sealed class WaitLimitsTests
{
    private const long Second = 1_000_000_000;

    public static TheoryData<string, int> Checks =>
        new()
        {
            {
                $$"""
                    { "Test": ["CMD", "x"], "StartPeriod": {{900 * Second}}, "Interval": {{10 * Second}},
                      "Timeout": {{5 * Second}}, "Retries": 3 }
                    """,
                960
            },
            { $$"""{ "Test": ["CMD", "x"] }""", 240 },
            { $$"""{ "Test": ["CMD", "x"], "StartPeriod": {{2000 * 3600 * Second}} }""", 3600 },
            {
                $$"""
                    { "Test": ["CMD", "x"], "StartPeriod": {{long.MaxValue}}, "Interval": {{long.MaxValue}},
                      "Retries": {{int.MaxValue}} }
                    """,
                3600
            },
            { $$"""{ "Test": ["CMD", "x"], "Retries": {{long.MaxValue}} }""", 3600 },
            { $$"""{ "Test": ["CMD", "x"], "StartPeriod": -5, "Retries": -1 }""", 240 },
            { $$"""{ "Test": ["CMD", "x"], "StartPeriod": "soon", "Interval": null }""", 240 },
        };

    [Theory]
    [MemberData(nameof(Checks))]
    public void Health_Wait_IsTheDeclaredTimeUpToTheLimit(string check, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), WaitLimits.Health(JsonNode.Parse(check)));

    [Theory]
    [InlineData("{}", 10)]
    [InlineData("""{ "StopTimeout": 0 }""", 0)]
    [InlineData("""{ "StopTimeout": 900 }""", 900)]
    [InlineData("""{ "StopTimeout": 5000000 }""", 3600)]
    [InlineData("""{ "StopTimeout": 9223372036854775807 }""", 3600)]
    [InlineData("""{ "StopTimeout": -1 }""", 600)]
    public void Stop_Wait_IsTheDeclaredTimeUpToTheLimit(string config, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), WaitLimits.Stop(JsonNode.Parse(config)));

    [Fact]
    public void Waits_AreAnnounced()
    {
        var check = JsonNode.Parse($$"""{ "Test": ["CMD", "x"], "StartPeriod": {{2000 * 3600 * Second}} }""");

        Assert.Equal(
            [
                "The stop timeout is 57 d. The job waits at most 60 min for the container to stop.",
                "The health check allows 83 d until the container is healthy. The job waits at most 60 min, "
                    + "then restores the old container.",
            ],
            WaitLimits.Announce(JsonNode.Parse("""{ "StopTimeout": 5000000 }"""), check)
        );
        Assert.Equal(
            ["The job waits up to 16 min for the new container to become healthy."],
            WaitLimits.Announce(null, JsonNode.Parse(Checks.First().Data.Item1))
        );
        Assert.Empty(WaitLimits.Announce(null, JsonNode.Parse("""{ "Test": ["NONE"] }""")));
    }

    [Fact]
    public void Deadline_IncludesTheWaits_AndIsLimited()
    {
        var container = Facts.Container("web") with { StopTimeout = TimeSpan.FromDays(50), HealthGrace = TimeSpan.FromDays(80) };

        Assert.Equal(TimeSpan.FromHours(2) + TimeSpan.FromMinutes(1), Recreation.DeadlineFor(container, TimeSpan.FromMinutes(1)));
    }
}
