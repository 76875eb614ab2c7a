using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Components.Pages.Fleet;

/// <summary>One app in the strip below the verdict.</summary>
public sealed record StripSegment(HealthColor Color, bool IsKnown, string Label, string Href);
