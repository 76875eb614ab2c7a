namespace FleetDashboard.Web.Components.Pages.Apps;

/// <summary>The last hour of an app, as far as it was loaded.</summary>
/// <param name="Charts">The charts. Null before the first response.</param>
/// <param name="Error">Why newer data could not be loaded.</param>
public sealed record HistoryState(AppCharts? Charts, string? Error);
