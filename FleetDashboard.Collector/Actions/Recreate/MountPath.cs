namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// Normalises paths inside a container as the engine does: no trailing slash, no double slashes, no <c>.</c> or <c>..</c>.
/// </summary>
internal static class MountPath
{
    /// <summary>The shortest form of an absolute path. Any other text is returned unchanged.</summary>
    public static string Clean(string path)
    {
        if (!path.StartsWith('/'))
        {
            return path;
        }

        var parts = new List<string>();
        foreach (var part in path.Split('/').Where(part => part is not ("" or ".")))
        {
            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        return '/' + string.Join('/', parts);
    }

    /// <summary>The normalised mount path of a bind: <c>source:target[:mode]</c>, or only the target for an anonymous volume.</summary>
    public static string OfBind(string bind)
    {
        var parts = bind.Split(':');
        return Clean(parts.Length > 1 ? parts[1] : parts[0]);
    }
}
