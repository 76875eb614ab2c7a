using System.Globalization;
using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Components.Pages.Logs;

/// <summary>
/// The end of a container as a mark among its lines. It stays where it is while time goes on, so it holds no words like "ago".
/// </summary>
internal static class LogEnding
{
    /// <summary>The moment an address asks for; anything that is none means the log as it is now.</summary>
    public static string? Moment(string? parameter) =>
        DateTimeOffset.TryParse(parameter, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? Written(at) : null;

    /// <summary>A moment as addresses and the view's element have it.</summary>
    public static string Written(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    public static string Text(ContainerSnapshot container, string moment)
    {
        // A link may be older than the last end, whose code says nothing of the one before.
        if (container.FinishedAt is not { } end || Written(end) != moment)
        {
            return "It ended here";
        }
        var code = container.ExitCode is { } exit ? $"It ended here with exit code {exit}" : "It ended here";
        return container.OomKilled ? $"{code}: killed out of memory" : code;
    }
}
