using FleetDashboard.Contracts;
using FleetDashboard.Web.Components.Actions;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Fleet;

/// <summary>
/// Everything that an app's card displays. Two snapshots that look the same give equal models, and an equal model sends nothing to the
/// browser.
/// </summary>
public sealed record AppCardModel
{
    /// <summary>Unique in the fleet: <see cref="Clients.FleetApp.Key"/>.</summary>
    public required string Key { get; init; }

    public required string Name { get; init; }

    /// <summary>The host's name where the fleet has several, else null.</summary>
    public required string? Host { get; init; }

    /// <summary>The address of that host's Collector.</summary>
    public required Uri Collector { get; init; }

    /// <summary>The app's page.</summary>
    public required string Href { get; init; }

    /// <summary>False where the host, one of several, does not answer: the card shows the last state.</summary>
    public required bool IsKnown { get; init; }

    public required string Title { get; init; }
    public required HealthColor Color { get; init; }
    public required string Up { get; init; }
    public required ValueList<ReasonLine> Reasons { get; init; }
    public required int MoreReasons { get; init; }
    public required Meter Cpu { get; init; }
    public required Meter Memory { get; init; }
    public required string? Spark { get; init; }
    public required string SparkLabel { get; init; }
    public required ValueList<Tag> Tags { get; init; }
    public required ValueList<CardDot> Marks { get; init; }
    public required ActionMenuModel Menu { get; init; }

    /// <summary>All text that the search looks at, in lower case.</summary>
    public required string SearchText { get; init; }

    /// <summary>The card's name for screen readers.</summary>
    public required string Label { get; init; }

    /// <summary>The card's id in the document, so that a link can lead to it.</summary>
    public required string Anchor { get; init; }
}

/// <summary>Why an app is not green: the container and the reason. The link leads to the log lines that explain it.</summary>
public sealed record ReasonLine(string Container, string Text, string? Href = null);

/// <summary>Where an app lives: a port, a subnet, a database, or how many more there are.</summary>
public sealed record Tag(string? Strong, string Text, string? Tip = null, bool Alarm = false, string? Href = null);

/// <summary>One container as a small square that links to its log.</summary>
public sealed record CardDot(HealthColor Color, bool Database, string Label, string Href);
