using System.Text;
using FleetDashboard.Collector.Snapshots;

namespace FleetDashboard.Collector.Metrics.Cadvisor;

/// <summary>
/// The labels that every series of a container carries, written out once for a scrape. As with cAdvisor all containers have the union of
/// the label names, empty where one has no such label.
/// </summary>
internal sealed class ContainerLabels
{
    private const string Prefix = "container_label_";

    private readonly string _driver;
    private readonly string[] _names;

    public ContainerLabels(ScrapeState state)
    {
        _driver = state.Host?.CgroupDriver ?? "";
        _names = [.. state.Containers.SelectMany(container => container.Facts.Labels.Keys).Distinct().Select(Sanitize).Distinct().Order(StringComparer.Ordinal)];
    }

    public byte[] Of(ScrapedContainer container)
    {
        // Two keys may come to one name, as "a.b" and "a-b" do; a name twice would spoil the whole scrape, so the first in order stands.
        var own = new Dictionary<string, string>();
        foreach (var (key, value) in container.Facts.Labels.OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            own.TryAdd(Sanitize(key), value);
        }

        var facts = container.Facts;
        return Encoding.UTF8.GetBytes(string.Join(',',
            _names.Select(name => Exposition.Label(Prefix + name, own.GetValueOrDefault(name, "")))
                .Append(Exposition.Label("id", facts.Spec.CgroupPath(facts.Id, _driver)))
                .Append(Exposition.Label("image", facts.Image))
                .Append(Exposition.Label("name", facts.Name))));
    }

    private static string Sanitize(string key) => string.Create(key.Length, key, static (name, from) =>
    {
        for (var i = 0; i < from.Length; i++)
        {
            name[i] = char.IsAsciiLetterOrDigit(from[i]) ? from[i] : '_';
        }
    });
}
