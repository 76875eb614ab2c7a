using System.Collections.Immutable;
using Docker.DotNet.Models;

namespace FleetDashboard.Collector.Engine;

/// <summary>A namespace of another container that one lives in (<c>--network</c>, <c>--pid</c>, <c>--ipc container:NAME</c>).</summary>
/// <param name="What">What it is of: network, processes or IPC.</param>
/// <param name="ContainerId">Whose; the engine keeps the id, whatever name was given.</param>
internal sealed record SharedNamespace(string What, string ContainerId)
{
    private const string Prefix = "container:";

    internal static ImmutableArray<SharedNamespace> From(HostConfig? host) =>
        [
            .. new[]
            {
                Parse("network", host?.NetworkMode),
                Parse("processes", host?.PidMode),
                Parse("IPC", host?.IpcMode),
            }.OfType<SharedNamespace>(),
        ];

    private static SharedNamespace? Parse(string what, string? mode) =>
        mode?.StartsWith(Prefix, StringComparison.Ordinal) == true ? new SharedNamespace(what, mode[Prefix.Length..]) : null;
}
