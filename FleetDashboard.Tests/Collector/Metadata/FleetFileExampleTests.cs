using System.Text.Json;
using FleetDashboard.Collector.Metadata;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Metadata;

/// <summary>The example, the schema and the parser know the same keys.</summary>
public sealed class FleetFileExampleTests
{
    public static readonly string Example = Path.Combine(Repository.Root, "fleet.example.yaml");

    [Fact]
    public void Example_HasNoMistakeAndUsesEveryKey()
    {
        var text = File.ReadAllText(Example);
        var reading = FleetFileParser.Parse(text);

        Assert.Empty(reading.Errors);
        var app = reading.File!.Apps[0];
        Assert.DoesNotContain(
            null,
            new object?[]
            {
                app.Title,
                app.Link,
                app.Owner,
                app.Runbook,
                app.Icon,
                app.Rebuild?.Dockerfile,
                app.Thresholds.Memory,
                app.Thresholds.Cpu,
                app.Thresholds.Throttled,
                app.Thresholds.Samples,
            }
        );
        Assert.DoesNotContain(
            true,
            new[]
            {
                app.Containers.IsEmpty,
                app.Ports.IsEmpty,
                app.Subnets.IsEmpty,
                app.Protected.IsEmpty,
                app.Rebuild!.Args.IsEmpty,
                reading.File.Protected.IsEmpty,
            }
        );
        Assert.StartsWith("# yaml-language-server: $schema=./fleet.schema.json\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Schema_KnowsTheKeysOfTheParser()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "fleet.schema.json")));
        var definitions = schema.RootElement.GetProperty("$defs");

        Assert.Equal(FleetFileParser.FileKeys, Keys(schema.RootElement));
        Assert.Equal(FleetFileParser.AppKeys, Keys(definitions.GetProperty("app")));
        Assert.Equal(FleetFileParser.RebuildKeys, Keys(definitions.GetProperty("rebuild")));
        Assert.Equal(FleetFileParser.ThresholdKeys, Keys(definitions.GetProperty("thresholds")));
    }

    private static IEnumerable<string> Keys(JsonElement schema) =>
        schema.GetProperty("properties").EnumerateObject().Select(property => property.Name);
}
