using System.Collections.Immutable;
using Docker.DotNet.Models;

namespace FleetDashboard.Collector.Engine;

/// <summary>A namespace that a container shares with another one (<c>--network</c>, <c>--pid</c>, <c>--ipc container:NAME</c>).</summary>
/// <param name="What">network, processes or IPC.</param>
/// <param name="ContainerId">The owner's id. The engine stores the id, whatever name was given.</param>
internal sealed record SharedNamespace(string What, string ContainerId)
{
    /// <summary>How the engine writes such a mode: <c>container:ID</c>.</summary>
    public const string Prefix = "container:";

    internal static ImmutableArray<SharedNamespace> From(HostConfig? host) =>
        [
            .. new[]
            {
                Parse("network", host?.NetworkMode),
                Parse("processes", host?.PidMode),
                Parse("IPC", host?.IpcMode),
            }.OfType<SharedNamespace>(),
        ];

    /// <summary>The container in <c>container:ID</c>; null for any other mode.</summary>
    public static string? OwnerIn(string? mode) =>
        mode?.StartsWith(Prefix, StringComparison.Ordinal) == true ? mode[Prefix.Length..] : null;

    private static SharedNamespace? Parse(string what, string? mode) =>
        OwnerIn(mode) is { } owner ? new SharedNamespace(what, owner) : null;
}
