using System.Collections.Immutable;

namespace FleetDashboard.Collector.Metadata;

/// <summary>
/// Reads the keys of a mapping one by one. An unknown key or a wrong value adds an error, and reading continues without it.
/// </summary>
internal sealed class Fields
{
    private const int MaxText = 200;

    private readonly Dictionary<string, LocatedNode> _values = [];
    private readonly FleetFileErrors _errors;

    public Fields(LocatedNode? node, string where, ImmutableArray<string> known, FleetFileErrors errors)
    {
        _errors = errors;
        foreach (var (key, value) in Entries(node, where, $"the keys {string.Join(", ", known)}", errors))
        {
            if (known.Contains(key.Value))
            {
                _values[key.Value] = value;
            }
            else
            {
                errors.Add(
                    key,
                    $"unknown key {Quoted.Text(key.Value)} in {where}{Quoted.Meant(key.Value, known)} "
                        + $"Known keys: {string.Join(", ", known)}."
                );
            }
        }
    }

    /// <summary>Returns the entries of a mapping. Another kind of node adds an error and returns no entries.</summary>
    public static ImmutableArray<(LocatedNode.Text Key, LocatedNode Value)> Entries(
        LocatedNode? node,
        string where,
        string expected,
        FleetFileErrors errors
    )
    {
        switch (node)
        {
            case LocatedNode.Map map:
                return map.Entries;
            case null or LocatedNode.Invalid or LocatedNode.Text { IsNothing: true }:
                break;
            default:
                errors.Add(node, $"{where} is {node.Kind}; expected {expected}.");
                break;
        }

        return [];
    }

    public LocatedNode? Node(string key) => _values.GetValueOrDefault(key);

    /// <summary>
    /// Returns a text of one line, or null where the key is missing. An error about it does not repeat the text, which may be long or a
    /// secret.
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

        _errors.Add(
            node,
            text.Length > longest
                ? $"{key} has {text.Length} characters; expected at most {longest}."
                : $"{key} has line breaks or control characters; expected one line."
        );
        return null;
    }

    public T? Value<T>(string key, Func<string, (T? Value, string? Wrong)> read) =>
        Node(key) is { } node && Single(node, key) is { } text ? Read(node, key, text, read) : default;

    /// <summary>Reads a list of values, or a single value.</summary>
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

    private T? Read<T>(LocatedNode at, string key, string text, Func<string, (T? Value, string? Wrong)> read)
    {
        var (value, wrong) = read(text);
        if (wrong is not null)
        {
            _errors.Add(at, $"{key} {Quoted.Text(text)}: {wrong}.");
        }

        return value;
    }

    private string? Single(LocatedNode node, string key)
    {
        if (node is LocatedNode.Text { IsNothing: false } text && !string.IsNullOrWhiteSpace(text.Value))
        {
            return text.Value.Trim();
        }

        if (node is not LocatedNode.Invalid)
        {
            _errors.Add(
                node,
                $"{key} is {(node is LocatedNode.Text ? "empty" : node.Kind)}; expected a value. Write one, or remove the key."
            );
        }

        return null;
    }

    private static ImmutableArray<LocatedNode> Items(LocatedNode? node) =>
        node switch
        {
            null or LocatedNode.Text { IsNothing: true } => [],
            LocatedNode.List list => list.Items,
            _ => [node],
        };
}
