using System.Collections.Immutable;
using FleetDashboard.Web.Clients;

namespace FleetDashboard.Web.Components.Pages.Activity;

/// <summary>What is known of the page of the trail that was asked for.</summary>
/// <param name="Page">The records; null before the first answer.</param>
/// <param name="Troubles">Whose trail could not be had last time, and why; what was known before stays beside it.</param>
public sealed record TrailState(TrailPage? Page, ImmutableArray<HostTrouble> Troubles)
{
    public static TrailState Nothing { get; } = new(null, []);
}
