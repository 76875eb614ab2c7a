using System.Globalization;
using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Components.Pages.Logs;

/// <summary>
/// Describes the exit of a container for a label among its log lines. The label stays while time passes, so its text must not contain "5
/// min ago".
/// </summary>
internal static class LogEnding
{
    /// <summary>The time that an address asks for. Null, which means the current log, if it is malformed.</summary>
    public static string? Moment(string? parameter) =>
        DateTimeOffset.TryParse(parameter, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? Written(at) : null;

    /// <summary>A time as addresses and the log view's element write it.</summary>
    public static string Written(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    public static string Text(ContainerSnapshot container, string moment)
    {
        // The link may be older than the container's last exit, whose exit code says nothing about an earlier one.
        if (container.FinishedAt is not { } end || Written(end) != moment)
        {
            return "The container exited here";
        }
        var code = container.ExitCode is { } exit ? $"The container exited here with code {exit}" : "The container exited here";
        return container.OomKilled ? $"{code}: killed because it ran out of memory" : code;
    }
}
