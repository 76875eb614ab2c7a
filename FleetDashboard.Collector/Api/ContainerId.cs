using System.Text.RegularExpressions;

namespace FleetDashboard.Collector.Api;

/// <summary>
/// The only form in which a caller may name a container. It is looked up in the snapshot, never put into a question to the engine.
/// </summary>
internal static partial class ContainerId
{
    public static bool IsValid(string id) => Pattern().IsMatch(id);

    [GeneratedRegex(@"\A[0-9a-f]{12,64}\z")]
    private static partial Regex Pattern();
}
