namespace FleetDashboard.Collector.Actions.Rebuild;

/// <summary>Resolves every link on a path, as the kernel does.</summary>
internal static class RealPath
{
    private const int MostLinks = 40; // the kernel's limit

    /// <exception cref="IOException">The path has too many links, or a loop of links.</exception>
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
                throw new IOException($"{path} contains too many links");
            }

            done = target.StartsWith('/') ? "/" : done;
            foreach (var piece in Parts(target))
            {
                left.Push(piece);
            }
        }

        return done;
    }

    /// <summary>Whether a path is the folder or inside it. Both must be real paths.</summary>
    public static bool IsInside(string path, string folder) =>
        path == folder || path.StartsWith(folder.TrimEnd('/') + '/', StringComparison.Ordinal);

    // In reverse order, as a stack needs them.
    private static IEnumerable<string> Parts(string path) => path.Split('/').Where(part => part is not ("" or ".")).Reverse();
}
