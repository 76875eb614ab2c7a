using System.Text.Json.Nodes;
using FleetDashboard.Collector.Fleet;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>The container to replace, as it was before any change.</summary>
internal sealed class RecreateSource
{
    private readonly JsonObject _container;

    public RecreateSource(JsonObject container)
    {
        _container = container;
        Id = (string)container["Id"]!;
        Name = ((string)container["Name"]!).TrimStart('/');
        Reference = (string)container["Config"]!["Image"]!;
        ImageId = (string)container["Image"]!;
        State = (string?)container["State"]?["Status"] ?? "unknown";
        StopTimeout = WaitLimits.Stop(container["Config"]);
    }

    public string Id { get; }
    public string Name { get; }

    /// <summary>The image reference that the container was created with, e.g. <c>acme/web:3</c>.</summary>
    public string Reference { get; }

    public string ImageId { get; }

    /// <summary>The stop timeout, at most <see cref="WaitLimits.LongestStop"/>.</summary>
    public TimeSpan StopTimeout { get; }

    /// <summary>Also true for a container in a restart loop, because an update may fix it.</summary>
    public bool WasRunning => State is "running" or "restarting";

    /// <summary>The old container's name while the new container has its name.</summary>
    public string TemporaryName => ReplacedName.Create(Name, Id);

    /// <summary>Why the container cannot be replaced without loss. Null if it can.</summary>
    public string? WhyNot =>
        _container["HostConfig"] switch
        {
            _ when State is "paused" => "It is paused. Resume it first.",
            _ when State is "removing" or "dead" => $"It is {State}.",
            var host when (bool?)host?["AutoRemove"] == true =>
                "It removes itself when it stops (--rm), so a rollback would be impossible.",
            _ => null,
        };

    private string State { get; }

    public RecreateJournalEntry ToJournalEntry(string newImageId, DateTimeOffset began) => new(Id, Name, WasRunning, newImageId, began);
}
