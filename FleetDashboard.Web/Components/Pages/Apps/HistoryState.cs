namespace FleetDashboard.Web.Components.Pages.Apps;

/// <summary>What is known of an app's last hour.</summary>
/// <param name="Charts">The charts; null before the first answer.</param>
/// <param name="Error">Why there is nothing newer, as a sentence.</param>
public sealed record HistoryState(AppCharts? Charts, string? Error);
