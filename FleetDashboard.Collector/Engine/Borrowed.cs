using System.Collections.Immutable;
using Docker.DotNet.Models;

namespace FleetDashboard.Collector.Engine;

/// <summary>A namespace of another container that one lives in (<c>--network</c>, <c>--pid</c>, <c>--ipc container:NAME</c>).</summary>
/// <param name="What">What it is of: network, processes or IPC.</param>
/// <param name="ContainerId">Whose; the engine keeps the id, whatever name was given.</param>
internal sealed record Borrowed(string What, string ContainerId)
{
    private const string Prefix = "container:";

    internal static ImmutableArray<Borrowed> Of(HostConfig? host) =>
        [.. new[] { From("network", host?.NetworkMode), From("processes", host?.PidMode), From("IPC", host?.IpcMode) }.OfType<Borrowed>()];

    private static Borrowed? From(string what, string? mode) =>
        mode?.StartsWith(Prefix, StringComparison.Ordinal) == true ? new Borrowed(what, mode[Prefix.Length..]) : null;
}
