using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Components.Shared;

/// <summary>Addresses of pages that carry names. A name is untrusted text and may be anything: it is always encoded.</summary>
internal static class Links
{
    /// <summary>The page of an app.</summary>
    // A browser takes "." and ".." out of a path, encoded or not, and an empty part is none: those names go into the query.
    public static string App(string name) => name is "" or "." or ".." ? $"/apps?name={Uri.EscapeDataString(name)}" : $"/apps/{Uri.EscapeDataString(name)}";

    /// <summary>The app that a name from an address means. A slash arrives as it was sent when the server has cut the path, and decoded when the browser has.</summary>
    public static AppSnapshot? Find(FleetSnapshot? snapshot, string name)
    {
        var decoded = name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return snapshot?.Apps.FirstOrDefault(app => app.Name == name) ?? snapshot?.Apps.FirstOrDefault(app => app.Name == decoded);
    }

    /// <summary>The ports page, showing one port.</summary>
    public static string Port(int port) => $"/ports?q={Uri.EscapeDataString($":{port}")}";

    /// <summary>The ports page, showing one app.</summary>
    public static string PortsOf(string app) => $"/ports?app={Uri.EscapeDataString(app)}";

    public static string NetworksOf(string text) => $"/networks?q={Uri.EscapeDataString(text)}";
}
