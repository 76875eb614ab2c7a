using System.Text;
using FleetDashboard.Collector.Snapshots;

namespace FleetDashboard.Collector.Metrics.Cadvisor;

/// <summary>
/// The labels that every series of a container carries, written out once for a scrape. As with cAdvisor all containers have the union of
/// the label names, empty where one has no such label. Only the labels that the settings name are told: others hold passwords of proxies
/// and paths of the
/// host. One image with ten thousand labels would otherwise lengthen every series of every container.
/// </summary>
internal sealed class ContainerLabels
{
    /// <summary>The most label names that all containers have together.</summary>
    public const int MaxNames = 64;

    private const int MaxName = 128;
    private const string Prefix = "container_label_";

    private readonly string _driver;
    private readonly IReadOnlyList<string> _patterns;
    private readonly string[] _names;

    public ContainerLabels(ScrapeState state, IReadOnlyList<string> patterns)
    {
        (_driver, _patterns) = (state.Host?.CgroupDriver ?? "", patterns);

        // In the order of the settings, so that a name that stands there is not pushed out by those that an asterisk lets in.
        _names =
        [
            .. state
                .Containers.SelectMany(container => container.Facts.Labels.Keys)
                .Distinct()
                .Select(key => (Key: key, Place: PlaceOf(key)))
                .Where(label => label.Place >= 0)
                .OrderBy(label => label.Place)
                .ThenBy(label => label.Key, StringComparer.Ordinal)
                .Select(label => Sanitize(label.Key))
                .Distinct()
                .Take(MaxNames)
                .Order(StringComparer.Ordinal),
        ];
    }

    public byte[] Format(ScrapedContainer container)
    {
        // Two keys may come to one name, as "a.b" and "a-b" do; a name twice would spoil the whole scrape, so the first in order stands.
        var own = new Dictionary<string, string>();
        foreach (
            var (key, value) in container
                .Facts.Labels.Where(label => PlaceOf(label.Key) >= 0)
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

    // Which of the patterns lets this label through; -1 for none.
    private int PlaceOf(string key)
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
