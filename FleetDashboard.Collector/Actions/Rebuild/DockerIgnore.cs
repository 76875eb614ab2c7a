using System.Text;
using System.Text.RegularExpressions;

namespace FleetDashboard.Collector.Actions.Rebuild;

/// <summary>
/// Applies a <c>.dockerignore</c> with the engine's rules (https://docs.docker.com/build/concepts/context/#dockerignore-files): the last
/// pattern that matches a path, or a folder above it, decides.
/// </summary>
internal sealed class DockerIgnore
{
    public const string FileName = ".dockerignore";

    private const int MostRules = 2_000;
    private const int LongestRule = 1_000;

    private readonly List<(Regex Pattern, bool Keeps)> _rules = [];

    private DockerIgnore() { }

    /// <summary>Whether a file inside an ignored folder may still be included.</summary>
    public bool HasExceptions => _rules.Exists(rule => rule.Keeps);

    public static DockerIgnore Parse(IEnumerable<string> lines)
    {
        var ignore = new DockerIgnore();
        foreach (
            var line in lines
                .Where(line => !line.StartsWith('#'))
                .Select(line => line.Trim().TrimStart('\uFEFF'))
                .Where(line => line.Length > 0)
        )
        {
            var keeps = line[0] == '!';
            var pattern = Clean(keeps ? line[1..].Trim() : line);
            if (pattern.Length > 0)
            {
                ignore._rules.Add((Compile(pattern, ignore._rules.Count), keeps));
            }
        }

        return ignore;
    }

    /// <summary>Whether a path, relative to the context, is excluded.</summary>
    public bool Ignores(string path)
    {
        var ignored = false;
        foreach (var (pattern, keeps) in _rules)
        {
            // Skip rules that would not change the result.
            if (keeps == ignored && PathAndFolders(path).Any(pattern.IsMatch))
            {
                ignored = !keeps;
            }
        }

        return ignored;
    }

    private static Regex Compile(string pattern, int rules)
    {
        if (rules >= MostRules || pattern.Length > LongestRule)
        {
            throw new BuildRefusedException(
                $"{FileName} has more than {MostRules} lines, or one longer than {LongestRule} characters. Make it smaller."
            );
        }

        try
        {
            return new Regex(Translate(pattern), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            throw new BuildRefusedException($"{FileName} contains the invalid pattern '{pattern}'. Correct it.");
        }
    }

    // The path, and every folder above it.
    private static IEnumerable<string> PathAndFolders(string path)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            yield return path[..end];
        }
    }

    // A leading slash means the context folder. "." and ".." are resolved.
    private static string Clean(string pattern)
    {
        var parts = new List<string>();
        foreach (var part in pattern.Split('/').Where(part => part is not ("" or ".")))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != "..")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    private static string Translate(string pattern)
    {
        var regex = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '*' when i + 1 < pattern.Length && pattern[i + 1] == '*':
                    i++;
                    if (i + 1 < pattern.Length && pattern[i + 1] == '/')
                    {
                        i++;
                    }

                    regex.Append(i + 1 == pattern.Length ? ".*" : "(.*/)?");
                    break;
                case '*':
                    regex.Append("[^/]*");
                    break;
                case '?':
                    regex.Append("[^/]");
                    break;
                case '[' when pattern.IndexOf(']', i + 1) is > 0 and var end && end > i + 1:
                    var set = pattern[(i + 1)..end];
                    regex
                        .Append('[')
                        .Append(set[0] == '^' ? "^" : "")
                        .Append(
                            set.TrimStart('^').Replace("\\", "\\\\", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal)
                        )
                        .Append(']');
                    i = end;
                    break;
                case '\\' when i + 1 < pattern.Length:
                    regex.Append(Regex.Escape(pattern[++i].ToString()));
                    break;
                default:
                    regex.Append(Regex.Escape(pattern[i].ToString()));
                    break;
            }
        }

        return regex.Append('$').ToString();
    }
}
