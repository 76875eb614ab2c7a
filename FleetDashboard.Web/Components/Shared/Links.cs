using System.Globalization;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;

namespace FleetDashboard.Web.Components.Shared;

/// <summary>
/// Addresses of pages that carry names. A name is untrusted, so it is always encoded. If the fleet has several hosts, the address also
/// names the host by <see cref="HostView.Tag"/>. An address without a leading slash is relative to the document's base, which may be under
/// a path prefix.
/// </summary>
internal static class Links
{
    /// <summary>The query parameter that names a host.</summary>
    public const string HostName = "host";

    /// <summary>The parameter that names a job.</summary>
    public const string JobName = "job";

    /// <summary>The page of an app.</summary>
    public static string App(FleetApp app) => App(app.App.Name, app.Host.Tag);

    /// <summary>The page of an app.</summary>
    /// <param name="name">The app's name.</param>
    /// <param name="host">The tag of its host. Null if the fleet has one host.</param>
    // A browser resolves "." and ".." in a path even when encoded, and drops an empty segment. Those names are passed in the query.
    public static string App(string name, string? host) =>
        On(name is "" or "." or ".." ? $"apps?name={Uri.EscapeDataString(name)}" : $"apps/{Uri.EscapeDataString(name)}", host);

    /// <summary>
    /// The page of an app's merged logs. For the names that no path can carry, the app page, where each container's log can be opened.
    /// </summary>
    public static string AppLogs(FleetApp app) =>
        app.App.Name is "" or "." or ".." ? App(app) : On($"apps/{Uri.EscapeDataString(app.App.Name)}/logs", app.Host.Tag);

    /// <summary>The page of a container's log. A container id is unique across all hosts.</summary>
    public static string ContainerLogs(ContainerSnapshot container) => $"containers/{ShortId(container)}/logs";

    /// <summary>
    /// The log page at the lines that explain why a container is not green: the lines before it exited if the reason is about the exit,
    /// otherwise the newest lines.
    /// </summary>
    public static string Explanation(ContainerSnapshot container, HealthReason reason) =>
        container.FinishedAt is { } at && ReasonCodes.AreAboutAnEnd.Contains(reason.Code)
            ? $"{ContainerLogs(container)}?at={at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture)}"
            : ContainerLogs(container);

    /// <summary>
    /// The address from which the log view of an app reads. The view appends to the path and sets its own query, so the host is in the
    /// path.
    /// </summary>
    public static string AppLogSource(FleetApp app) =>
        app.Host.Tag is { } host
            ? $"logs/hosts/{Uri.EscapeDataString(host)}/apps/{Uri.EscapeDataString(app.App.Name)}"
            : $"logs/apps/{Uri.EscapeDataString(app.App.Name)}";

    /// <summary>The address from which the log view of a container reads.</summary>
    public static string ContainerLogSource(ContainerSnapshot container) => $"logs/containers/{container.Id}";

    /// <summary>The ports page, showing one port.</summary>
    public static string Port(int port, string? host) => On($"ports?q={Uri.EscapeDataString($":{port}")}", host);

    /// <summary>The ports page, showing one app.</summary>
    public static string PortsOf(FleetApp app) => On($"ports?app={Uri.EscapeDataString(app.App.Name)}", app.Host.Tag);

    public static string NetworksOf(string text, string? host) => On($"networks?q={Uri.EscapeDataString(text)}", host);

    /// <summary>The activity page, showing one job.</summary>
    public static string Job(string job) => $"activity?{JobName}={Uri.EscapeDataString(job)}";

    private static string ShortId(ContainerSnapshot container) => container.Id[..Math.Min(container.Id.Length, FleetView.ShortestId)];

    private static string On(string address, string? host) =>
        host is null
            ? address
            : $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{HostName}={Uri.EscapeDataString(host)}";
}
