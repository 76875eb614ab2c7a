using System.Collections.Immutable;

namespace FleetDashboard.Collector.Metadata;

/// <summary>
/// A mapping whose keys are known, read one by one. Whatever is not as it should be goes to the mistakes, and reading goes on as if it
/// were not there.
/// </summary>
internal sealed class Fields
{
    private const int MaxText = 200;

    private readonly Dictionary<string, YamlNode> _values = [];
    private readonly FleetFileErrors _mistakes;

    public Fields(YamlNode? node, string where, ImmutableArray<string> known, FleetFileErrors mistakes)
    {
        _mistakes = mistakes;
        foreach (var (key, value) in Entries(node, where, $"the keys {string.Join(", ", known)}", mistakes))
        {
            if (known.Contains(key.Value))
            {
                _values[key.Value] = value;
            }
            else
            {
                mistakes.Add(
                    key,
                    $"unknown key {Quoted.Text(key.Value)} in {where}{Quoted.Meant(key.Value, known)} Known keys: {string.Join(", ", known)}."
                );
            }
        }
    }

    /// <summary>The entries of a mapping; none where there is nothing, or something else, which is a mistake.</summary>
    public static ImmutableArray<(YamlNode.Text Key, YamlNode Value)> Entries(
        YamlNode? node,
        string where,
        string expected,
        FleetFileErrors mistakes
    )
    {
        switch (node)
        {
            case YamlNode.Map map:
                return map.Entries;
            case null or YamlNode.Refused or YamlNode.Text { IsNothing: true }:
                break;
            default:
                mistakes.Add(node, $"{where} is {node.Kind}; expected {expected}.");
                break;
        }

        return [];
    }

    public YamlNode? Node(string key) => _values.GetValueOrDefault(key);

    /// <summary>
    /// A text of one line; null where the key is missing. What is wrong with it is told without the text: it may be long, or a secret that
    /// strayed here.
    /// </summary>
    public string? Text(string key, int longest = MaxText)
    {
        if (Node(key) is not { } node || Single(node, key) is not { } text)
        {
            return null;
        }

        if (text.Length <= longest && !text.Any(char.IsControl))
        {
            return text;
        }

        _mistakes.Add(
            node,
            text.Length > longest
                ? $"{key} has {text.Length} characters; expected at most {longest}."
                : $"{key} has line breaks or control characters; expected one line."
        );
        return null;
    }

    public T? Value<T>(string key, Func<string, (T? Value, string? Wrong)> read) =>
        Node(key) is { } node && Single(node, key) is { } text ? Read(node, key, text, read) : default;

    /// <summary>A list of values, or one by itself.</summary>
    public ImmutableArray<T> List<T>(string key, Func<string, int, (T? Value, string? Wrong)> read)
        where T : class
    {
        var values = ImmutableArray.CreateBuilder<T>();
        foreach (var item in Items(Node(key)))
        {
            if (Single(item, key) is { } text && Read(item, key, text, t => read(t, item.Line)) is { } value)
            {
                values.Add(value);
            }
        }

        return values.ToImmutable();
    }

    private T? Read<T>(YamlNode at, string key, string text, Func<string, (T? Value, string? Wrong)> read)
    {
        var (value, wrong) = read(text);
        if (wrong is not null)
        {
            _mistakes.Add(at, $"{key} {Quoted.Text(text)}: {wrong}.");
        }

        return value;
    }

    private string? Single(YamlNode node, string key)
    {
        if (node is YamlNode.Text { IsNothing: false } text && !string.IsNullOrWhiteSpace(text.Value))
        {
            return text.Value.Trim();
        }

        if (node is not YamlNode.Refused)
        {
            _mistakes.Add(node, $"{key} is {(node is YamlNode.Text ? "empty" : node.Kind)}; expected a value, or leave the key out.");
        }

        return null;
    }

    private static ImmutableArray<YamlNode> Items(YamlNode? node) =>
        node switch
        {
            null or YamlNode.Text { IsNothing: true } => [],
            YamlNode.List list => list.Items,
            _ => [node],
        };
}
