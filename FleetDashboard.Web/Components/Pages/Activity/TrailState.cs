using System.Collections.Immutable;
using FleetDashboard.Web.Clients;

namespace FleetDashboard.Web.Components.Pages.Activity;

/// <summary>The requested page of the audit trail, and what failed.</summary>
/// <param name="Page">The records. Null before the first response.</param>
/// <param name="Troubles">The hosts whose trail could not be loaded last time, and why. Records loaded earlier stay visible.</param>
public sealed record TrailState(TrailPage? Page, ImmutableArray<HostTrouble> Troubles)
{
    public static TrailState Nothing { get; } = new(null, []);
}
