using System.Globalization;
using Docker.DotNet.Models;

namespace FleetDashboard.Collector.Engine;

/// <summary>The engine's events as <see cref="EngineEvent"/>, in order: <see cref="Progress{T}"/> would hand them to the thread pool out of order.</summary>
internal sealed class EventMapper(Action<EngineEvent> report) : IProgress<Message>
{
    // Filtered at the engine: probes alone (exec_*) would be two events for each healthcheck of each container.
    private static readonly string[] Wanted =
    [
        "create", "start", "restart", "die", "stop", "oom", "pause", "unpause", "rename", "update", "destroy", "health_status", "connect", "disconnect",
        "pull", "tag", "untag", "delete", "load", "import",
    ];

    public static ContainerEventsParameters Parameters(DateTimeOffset since) => new()
    {
        Since = string.Create(CultureInfo.InvariantCulture, $"{since.ToUnixTimeMilliseconds() / 1000m:0.000}"),
        Filters = new Dictionary<string, IDictionary<string, bool>>
        {
            ["type"] = new Dictionary<string, bool> { ["container"] = true, ["network"] = true, ["image"] = true },
            ["event"] = Wanted.ToDictionary(action => action, _ => true),
        },
    };

    public void Report(Message value)
    {
        if (value.Actor is not { ID: { Length: > 0 } actor } || value.Action is not { Length: > 0 } action)
        {
            return;
        }

        // A network's connect and disconnect change the container: that is what has to be read again.
        var attributes = value.Actor.Attributes;
        var id = value.Type == "network" && attributes?.TryGetValue("container", out var container) == true ? container : actor;
        var exitCode = attributes?.TryGetValue("exitCode", out var code) == true && int.TryParse(code, CultureInfo.InvariantCulture, out var parsed) ? parsed : (int?)null;
        var colon = action.IndexOf(':', StringComparison.Ordinal);
        report(new EngineEvent(
            DateTimeOffset.FromUnixTimeMilliseconds((value.TimeNano ?? 0) / 1_000_000),
            value.Type ?? "container",
            colon < 0 ? action : action[..colon],
            id,
            exitCode));
    }
}
