namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// Paths inside a container as the engine compares them: without a slash at the end, doubled slashes, <c>.</c> and <c>..</c>.
/// </summary>
internal static class MountPath
{
    /// <summary>The shortest way to write an absolute path; anything else is returned as it is.</summary>
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

    /// <summary>The cleaned place of a bind: <c>source:target[:mode]</c>, or the target alone for a volume without a name.</summary>
    public static string OfBind(string bind)
    {
        var parts = bind.Split(':');
        return Clean(parts.Length > 1 ? parts[1] : parts[0]);
    }
}
