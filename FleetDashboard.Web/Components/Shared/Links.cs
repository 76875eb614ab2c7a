using System.Globalization;
using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Components.Shared;

/// <summary>Addresses of pages that carry names. A name is untrusted text and may be anything: it is always encoded.</summary>
internal static class Links
{
    // As the engine's own tools write an id; enough to find a container in a fleet, and less to send sixty times.
    private const int IdLength = 12;

    /// <summary>The page of an app.</summary>
    // A browser takes "." and ".." out of a path, encoded or not, and an empty part is none: those names go into the query.
    public static string App(string name) => name is "" or "." or ".." ? $"/apps?name={Uri.EscapeDataString(name)}" : $"/apps/{Uri.EscapeDataString(name)}";

    /// <summary>The app that a name from an address means. A slash arrives as it was sent when the server has cut the path, and decoded when the browser has.</summary>
    public static AppSnapshot? Find(FleetSnapshot? snapshot, string name)
    {
        var decoded = name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return snapshot?.Apps.FirstOrDefault(app => app.Name == name) ?? snapshot?.Apps.FirstOrDefault(app => app.Name == decoded);
    }

    /// <summary>The container of this id, or of which this is the id's beginning, and its app.</summary>
    public static (AppSnapshot? App, ContainerSnapshot? Container) FindContainer(FleetSnapshot? snapshot, string id) => id.Length < IdLength
        ? default
        : (snapshot?.Apps ?? []).SelectMany(app => app.Containers, (app, container) => (app, container)).FirstOrDefault(pair => pair.container.Id.StartsWith(id, StringComparison.Ordinal));

    /// <summary>The page of an app's logs, merged. The two names that no path can carry have their containers' only.</summary>
    public static string AppLogs(string name) => name is "" or "." or ".." ? App(name) : $"/apps/{Uri.EscapeDataString(name)}/logs";

    /// <summary>The page of a container's log.</summary>
    public static string ContainerLogs(ContainerSnapshot container) => $"/containers/{ShortId(container)}/logs";

    /// <summary>The lines that explain why a container is not green: those before its end, where it is about an end, else the newest.</summary>
    public static string Explanation(ContainerSnapshot container, HealthReason reason) =>
        container.FinishedAt is { } at && ReasonCodes.AreAboutAnEnd.Contains(reason.Code)
            ? $"{ContainerLogs(container)}?at={at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture)}"
            : ContainerLogs(container);

    /// <summary>Where the log view of an app reads.</summary>
    public static string AppLogSource(string name) => $"/logs/apps/{Uri.EscapeDataString(name)}";

    /// <summary>Where the log view of a container reads.</summary>
    public static string ContainerLogSource(ContainerSnapshot container) => $"/logs/containers/{container.Id}";

    private static string ShortId(ContainerSnapshot container) => container.Id[..IdLength];

    /// <summary>The ports page, showing one port.</summary>
    public static string Port(int port) => $"/ports?q={Uri.EscapeDataString($":{port}")}";

    /// <summary>The ports page, showing one app.</summary>
    public static string PortsOf(string app) => $"/ports?app={Uri.EscapeDataString(app)}";

    public static string NetworksOf(string text) => $"/networks?q={Uri.EscapeDataString(text)}";
}
