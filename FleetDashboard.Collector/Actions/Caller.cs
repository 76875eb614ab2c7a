namespace FleetDashboard.Collector.Actions;

/// <summary>Who asks, as the token proves it.</summary>
/// <param name="Subject">The user's lasting id.</param>
/// <param name="Name">What people call the user.</param>
/// <param name="Role">The user's role.</param>
/// <param name="Source">The address the request came from.</param>
internal sealed record Caller(string Subject, string Name, string Role, string Source);
