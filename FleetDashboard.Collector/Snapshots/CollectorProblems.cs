using System.Collections.Concurrent;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>What does not work at the moment, one sentence for each topic. Safe to use from anywhere.</summary>
internal sealed class CollectorProblems
{
    private readonly ConcurrentDictionary<string, string> _sentences = new();

    /// <summary>The sentences, in the order of their topics.</summary>
    public IEnumerable<string> Sentences =>
        _sentences.OrderBy(trouble => trouble.Key, StringComparer.Ordinal).Select(trouble => trouble.Value);

    public void Set(string topic, string sentence) => _sentences[topic] = sentence;

    public void Clear(string topic) => _sentences.TryRemove(topic, out _);
}
