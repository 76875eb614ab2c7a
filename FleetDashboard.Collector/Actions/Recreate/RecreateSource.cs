using System.Text.Json.Nodes;
using FleetDashboard.Collector.Fleet;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>The container that is to be replaced, as it was before anything was done to it.</summary>
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

    /// <summary>The image as it was asked for, e.g. <c>acme/web:3</c>.</summary>
    public string Reference { get; }

    public string ImageId { get; }

    /// <summary>How long it may take to stop, at most <see cref="WaitLimits.LongestStop"/>.</summary>
    public TimeSpan StopTimeout { get; }

    /// <summary>True for one in a loop of restarts as well: an update may be what ends it.</summary>
    public bool WasRunning => State is "running" or "restarting";

    /// <summary>What the old one is called while its successor has its name.</summary>
    public string Aside => ReplacedName.Create(Name, Id);

    /// <summary>Why it cannot be replaced without loss; null where it can.</summary>
    public string? WhyNot =>
        _container["HostConfig"] switch
        {
            _ when State is "paused" => "It is paused: resume it first.",
            _ when State is "removing" or "dead" => $"It is {State}.",
            var host when (bool?)host?["AutoRemove"] == true =>
                "It removes itself when it stops (--rm), so there would be nothing to go back to.",
            _ => null,
        };

    private string State { get; }

    public RecreateJournalEntry AsLeft(string newImageId, DateTimeOffset began) => new(Id, Name, WasRunning, newImageId, began);
}
