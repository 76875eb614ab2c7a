using System.Globalization;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;

namespace FleetDashboard.Web.Components.Shared;

/// <summary>
/// Addresses of pages that carry names. A name is untrusted text and may be anything: it is always encoded. A host is named where the fleet
/// has several,
/// by <see cref="HostView.Tag"/>. Without a slash before it an address belongs to the document's base, which may lie under a path prefix.
/// </summary>
internal static class Links
{
    /// <summary>The parameter that names a host.</summary>
    public const string HostName = "host";

    /// <summary>The parameter that names a job.</summary>
    public const string JobName = "job";

    /// <summary>The page of an app.</summary>
    public static string App(FleetApp app) => App(app.App.Name, app.Host.Tag);

    /// <summary>The page of an app.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="host">The tag of its host; null where the fleet has one host.</param>
    // A browser takes "." and ".." out of a path, encoded or not, and an empty part is none: those names go into the query.
    public static string App(string name, string? host) =>
        On(name is "" or "." or ".." ? $"apps?name={Uri.EscapeDataString(name)}" : $"apps/{Uri.EscapeDataString(name)}", host);

    /// <summary>The page of an app's logs, merged. The two names that no path can carry have their containers' only.</summary>
    public static string AppLogs(FleetApp app) =>
        app.App.Name is "" or "." or ".." ? App(app) : On($"apps/{Uri.EscapeDataString(app.App.Name)}/logs", app.Host.Tag);

    /// <summary>The page of a container's log. An id is nobody else's on any host.</summary>
    public static string ContainerLogs(ContainerSnapshot container) => $"containers/{ShortId(container)}/logs";

    /// <summary>
    /// The lines that explain why a container is not green: those before its end, where it is about an end, else the newest.
    /// </summary>
    public static string Explanation(ContainerSnapshot container, HealthReason reason) =>
        container.FinishedAt is { } at && ReasonCodes.AreAboutAnEnd.Contains(reason.Code)
            ? $"{ContainerLogs(container)}?at={at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture)}"
            : ContainerLogs(container);

    /// <summary>
    /// Where the log view of an app reads. It adds to the path and has a query of its own, so the host stands in the path.
    /// </summary>
    public static string AppLogSource(FleetApp app) =>
        app.Host.Tag is { } host
            ? $"logs/hosts/{Uri.EscapeDataString(host)}/apps/{Uri.EscapeDataString(app.App.Name)}"
            : $"logs/apps/{Uri.EscapeDataString(app.App.Name)}";

    /// <summary>Where the log view of a container reads.</summary>
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
