namespace FleetDashboard.Collector.Actions.Rebuild;

/// <summary>Where a path leads when every link on it is followed, as the kernel would.</summary>
internal static class RealPath
{
    private const int MostLinks = 40; // The kernel's own limit.

    /// <exception cref="IOException">The links go round in a circle.</exception>
    public static string Resolve(string path)
    {
        var (done, links) = ("/", 0);
        var left = new Stack<string>(Parts(path));
        while (left.TryPop(out var part))
        {
            if (part == "..")
            {
                done = Path.GetDirectoryName(done) ?? "/";
                continue;
            }

            var next = Path.Combine(done, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                done = next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new IOException($"{path} leads through too many links");
            }

            done = target.StartsWith('/') ? "/" : done;
            foreach (var piece in Parts(target))
            {
                left.Push(piece);
            }
        }

        return done;
    }

    /// <summary>True where a path is the folder or lies in it. Both must be real.</summary>
    public static bool IsInside(string path, string folder) =>
        path == folder || path.StartsWith(folder.TrimEnd('/') + '/', StringComparison.Ordinal);

    // The last one first, as a stack wants them.
    private static IEnumerable<string> Parts(string path) => path.Split('/').Where(part => part is not ("" or ".")).Reverse();
}
