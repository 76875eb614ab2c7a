using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Components.Pages.Activity;

/// <summary>What is known of the page of the trail that was asked for.</summary>
/// <param name="Page">The records; null before the first answer.</param>
/// <param name="Error">Why the last answer failed; what was known before stays beside it.</param>
public sealed record TrailState(AuditPage? Page, string? Error);
