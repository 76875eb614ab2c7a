using System.Collections.Concurrent;

namespace FleetDashboard.Collector.Engine;

/// <summary>What does not work at present, one sentence per topic. Safe to use from anywhere.</summary>
internal sealed class CollectorProblems
{
    private readonly ConcurrentDictionary<string, string> _sentences = new();

    /// <summary>The sentences, in the order of their topics.</summary>
    public IEnumerable<string> Sentences =>
        _sentences.OrderBy(problem => problem.Key, StringComparer.Ordinal).Select(problem => problem.Value);

    /// <summary>Sets or replaces the sentence of a topic; null removes it.</summary>
    public void Set(string topic, string? sentence)
    {
        if (sentence is null)
        {
            _sentences.TryRemove(topic, out _);
        }
        else
        {
            _sentences[topic] = sentence;
        }
    }

    /// <summary>Removes every sentence.</summary>
    public void Clear() => _sentences.Clear();
}
