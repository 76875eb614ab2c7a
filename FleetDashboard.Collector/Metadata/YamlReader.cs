using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FleetDashboard.Collector.Metadata;

/// <summary>
/// Text to nodes with their lines, by the library's parser and without its deserialiser. What a file of settings has no use for is
/// refused: aliases (a few lines of them can stand for gigabytes), further documents, deep nesting.
/// </summary>
internal sealed class YamlReader
{
    private readonly Parser _parser;
    private readonly YamlLimits _limits;
    private readonly Dictionary<string, YamlNode> _anchors = [];
    private readonly FleetFileErrors _mistakes;
    private int _nodes;

    private YamlReader(string text, FleetFileErrors mistakes, YamlLimits limits) =>
        (_parser, _mistakes, _limits) = (new Parser(new StringReader(text)), mistakes, limits);

    /// <summary>
    /// The document; null where there is none, or where it could not be read to its end, which is then among the mistakes.
    /// </summary>
    public static YamlNode? Read(string text, FleetFileErrors mistakes) => Read(text, mistakes, YamlLimits.Settings);

    /// <summary>The same with limits of one's own.</summary>
    public static YamlNode? Read(string text, FleetFileErrors mistakes, YamlLimits limits)
    {
        var reader = new YamlReader(text, mistakes, limits);
        try
        {
            return reader.Document();
        }
        catch (Refusal refusal)
        {
            mistakes.Add(refusal.Line, refusal.Column, refusal.Message);
        }
        catch (Exception fault)
        {
            // Not only its own exception: some broken texts make the library trip over itself.
            mistakes.Add(YamlFaults.Describe(fault, reader._parser.Current?.End ?? Mark.Empty, text));
        }

        return null;
    }

    private YamlNode? Document()
    {
        YamlNode? root = null;
        var documents = 0;
        while (_parser.MoveNext())
        {
            switch (_parser.Current)
            {
                case DocumentStart start when ++documents > 1:
                    throw new Refusal(start.Start, "a second document begins here; the file is one document, so remove the '---'.");
                case StreamStart or StreamEnd or DocumentStart or DocumentEnd:
                    break;
                default:
                    root = Node(depth: 0);
                    break;
            }
        }

        return root;
    }

    private YamlNode Node(int depth)
    {
        var current = _parser.Current!;
        var (line, column) = (Line(current.Start), Column(current.Start));
        if (depth > _limits.Depth)
        {
            throw new Refusal(current.Start, $"nested more than {_limits.Depth} deep; nothing in this file is.");
        }

        if (++_nodes > _limits.Nodes)
        {
            throw new Refusal(current.Start, $"more than {_limits.Nodes} values; no fleet needs so many.");
        }

        var node = Value(current, line, column, depth);
        if (_limits.Aliases && current is NodeEvent { Anchor: { IsEmpty: false } anchor })
        {
            _anchors[anchor.Value] = node;
        }

        return node;
    }

    private YamlNode Value(ParsingEvent current, int line, int column, int depth)
    {
        switch (current)
        {
            case Scalar scalar:
                return new YamlNode.Text(line, column, scalar.Value, scalar.Style == ScalarStyle.Plain);
            case SequenceStart:
                return new YamlNode.List(line, column, Items(depth));
            case MappingStart:
                return new YamlNode.Map(line, column, Entries(depth));
            case AnchorAlias alias when _limits.Aliases: // The same node once more: however often it stands for, it is in memory once.
                return _anchors.TryGetValue(alias.Value.Value, out var known)
                    ? known
                    : throw new Refusal(current.Start, $"{Quoted.Text("*" + alias.Value)} names nothing before it.");
            case AnchorAlias alias:
                _mistakes.Add(
                    line,
                    column,
                    $"{Quoted.Text("*" + alias.Value)} is a YAML alias, and there are none in this file; "
                        + "write the value out, and put a pattern that begins with '*' in quotes."
                );
                return new YamlNode.Refused(line, column);
            default:
                throw new Refusal(current.Start, "not a value; a text, a list or a mapping was expected.");
        }
    }

    private ImmutableArray<YamlNode> Items(int depth)
    {
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        while (_parser.MoveNext() && _parser.Current is not SequenceEnd)
        {
            items.Add(Node(depth + 1));
        }

        return items.ToImmutable();
    }

    private ImmutableArray<(YamlNode.Text Key, YamlNode Value)> Entries(int depth)
    {
        var entries = ImmutableArray.CreateBuilder<(YamlNode.Text, YamlNode)>();
        var seen = new Dictionary<string, int>();
        while (_parser.MoveNext() && _parser.Current is not MappingEnd)
        {
            var key = Node(depth + 1);
            _parser.MoveNext();
            var value = Node(depth + 1);
            if (key is not YamlNode.Text text)
            {
                _mistakes.Add(key, $"{key.Kind} cannot be a key; a key is a text.");
            }
            else if (!seen.TryAdd(text.Value, key.Line))
            {
                _mistakes.Add(key, $"{Quoted.Text(text.Value)} is there twice, first on line {seen[text.Value]}; keep one of them.");
            }
            else
            {
                entries.Add((text, value));
            }
        }

        return entries.ToImmutable();
    }

    private static int Line(Mark mark) => (int)mark.Line;

    private static int Column(Mark mark) => (int)mark.Column;

    /// <summary>Ends the reading at something that is YAML and still not wanted.</summary>
    private sealed class Refusal(Mark at, string sentence) : Exception(sentence)
    {
        public int Line => YamlReader.Line(at);
        public int Column => YamlReader.Column(at);
    }
}

/// <summary>How much a YAML text may hold.</summary>
/// <param name="Depth">Levels of nesting: the library reads them by recursion.</param>
/// <param name="Nodes">Values, keys, lists and mappings.</param>
/// <param name="Aliases">Whether a value may stand for one before it.</param>
internal sealed record YamlLimits(int Depth, int Nodes, bool Aliases)
{
    /// <summary>A file of settings of our own.</summary>
    public static readonly YamlLimits Settings = new(12, 50_000, Aliases: false);

    /// <summary>A file of another program.</summary>
    public static readonly YamlLimits Foreign = new(64, 50_000, Aliases: true);
}
