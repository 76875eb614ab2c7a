using System.Text;
using FleetDashboard.Collector.Snapshots;

namespace FleetDashboard.Collector.Metrics.Cadvisor;

/// <summary>
/// The labels of every series of a container, formatted once per scrape. As in cAdvisor, all containers have the union of the label names;
/// missing labels are empty. Only the labels that the settings name are exposed: others hold passwords of proxies and paths of the host,
/// and one image with ten thousand labels would lengthen every series.
/// </summary>
internal sealed class ContainerLabels
{
    /// <summary>The most label names of all containers together.</summary>
    public const int MaxNames = 64;

    private const int MaxName = 128;
    private const string Prefix = "container_label_";

    private readonly string _driver;
    private readonly IReadOnlyList<string> _patterns;
    private readonly string[] _names;

    public ContainerLabels(ScrapeState state, IReadOnlyList<string> patterns)
    {
        (_driver, _patterns) = (state.Host?.CgroupDriver ?? "", patterns);

        // In the order of the settings, so that names matched by an asterisk do not displace a name that is written out.
        _names =
        [
            .. state
                .Containers.SelectMany(container => container.Facts.Labels.Keys)
                .Distinct()
                .Select(key => (Key: key, Pattern: PatternOf(key)))
                .Where(label => label.Pattern >= 0)
                .OrderBy(label => label.Pattern)
                .ThenBy(label => label.Key, StringComparer.Ordinal)
                .Select(label => Sanitize(label.Key))
                .Distinct()
                .Take(MaxNames)
                .Order(StringComparer.Ordinal),
        ];
    }

    public byte[] Format(ScrapedContainer container)
    {
        // Two keys may give the same name: "a.b" and "a-b". A repeated name makes the scrape invalid, so the first one is kept.
        var own = new Dictionary<string, string>();
        foreach (
            var (key, value) in container
                .Facts.Labels.Where(label => PatternOf(label.Key) >= 0)
                .OrderBy(label => label.Key, StringComparer.Ordinal)
        )
        {
            own.TryAdd(Sanitize(key), value);
        }

        var facts = container.Facts;
        return Encoding.UTF8.GetBytes(
            string.Join(
                ',',
                _names
                    .Select(name => Exposition.Label(Prefix + name, own.GetValueOrDefault(name, "")))
                    .Append(Exposition.Label("id", facts.Spec.CgroupPath(facts.Id, _driver)))
                    .Append(Exposition.Label("image", facts.Image))
                    .Append(Exposition.Label("name", facts.Name))
            )
        );
    }

    // The index of the pattern that matches this label; -1 for none.
    private int PatternOf(string key)
    {
        for (var i = 0; i < _patterns.Count && key.Length <= MaxName; i++)
        {
            if (_patterns[i].EndsWith('*') ? key.StartsWith(_patterns[i][..^1], StringComparison.Ordinal) : key == _patterns[i])
            {
                return i;
            }
        }

        return -1;
    }

    private static string Sanitize(string key) =>
        string.Create(
            key.Length,
            key,
            static (name, from) =>
            {
                for (var i = 0; i < from.Length; i++)
                {
                    name[i] = char.IsAsciiLetterOrDigit(from[i]) ? from[i] : '_';
                }
            }
        );
}
