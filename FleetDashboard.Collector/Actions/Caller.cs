namespace FleetDashboard.Collector.Actions;

/// <summary>The caller, from the verified token.</summary>
/// <param name="Subject">The user's permanent id.</param>
/// <param name="Name">The user's display name.</param>
/// <param name="Role">The user's role.</param>
/// <param name="Source">The address the request came from.</param>
internal sealed record Caller(string Subject, string Name, string Role, string Source);
