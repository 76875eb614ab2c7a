using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FleetDashboard.Collector.Metadata;

/// <summary>
/// Reads YAML into nodes with line numbers. It uses YamlDotNet's parser and not its node model, which resolves aliases without a limit,
/// stops at the first duplicate key and recurses without a limit. Aliases, further documents and deep nesting are refused: a few lines of
/// aliases can expand to gigabytes.
/// </summary>
internal sealed class YamlReader
{
    private readonly Parser _parser;
    private readonly YamlLimits _limits;
    private readonly Dictionary<string, LocatedNode> _anchors = [];
    private readonly FleetFileErrors _errors;
    private int _nodes;

    private YamlReader(string text, FleetFileErrors errors, YamlLimits limits) =>
        (_parser, _errors, _limits) = (new Parser(new StringReader(text)), errors, limits);

    /// <summary>
    /// Returns the document. Returns null for an empty text, and for one that could not be read to its end, which adds an error.
    /// </summary>
    public static LocatedNode? Read(string text, FleetFileErrors errors) => Read(text, errors, YamlLimits.Settings);

    /// <summary>Reads with the limits given.</summary>
    public static LocatedNode? Read(string text, FleetFileErrors errors, YamlLimits limits)
    {
        var reader = new YamlReader(text, errors, limits);
        try
        {
            return reader.Document();
        }
        catch (UnsupportedYamlException unsupported)
        {
            errors.Add(unsupported.Line, unsupported.Column, unsupported.Message);
        }
        catch (Exception fault)
        {
            // Not only YamlException: YamlDotNet throws others on some broken texts.
            errors.Add(YamlFaults.Describe(fault, reader._parser.Current?.End ?? Mark.Empty, text));
        }

        return null;
    }

    private LocatedNode? Document()
    {
        LocatedNode? root = null;
        var documents = 0;
        while (_parser.MoveNext())
        {
            switch (_parser.Current)
            {
                case DocumentStart start when ++documents > 1:
                    throw new UnsupportedYamlException(
                        start.Start,
                        "a second document starts here. Remove the '---': the file is one document."
                    );
                case StreamStart or StreamEnd or DocumentStart or DocumentEnd:
                    break;
                default:
                    root = Node(depth: 0);
                    break;
            }
        }

        return root;
    }

    private LocatedNode Node(int depth)
    {
        var current = _parser.Current!;
        var (line, column) = (Line(current.Start), Column(current.Start));
        if (depth > _limits.Depth)
        {
            throw new UnsupportedYamlException(current.Start, $"nested more than {_limits.Depth} levels deep; no setting of this file is.");
        }

        if (++_nodes > _limits.Nodes)
        {
            throw new UnsupportedYamlException(current.Start, $"more than {_limits.Nodes} values; split the file or remove some.");
        }

        var node = Value(current, line, column, depth);
        if (_limits.Aliases && current is NodeEvent { Anchor: { IsEmpty: false } anchor })
        {
            _anchors[anchor.Value] = node;
        }

        return node;
    }

    private LocatedNode Value(ParsingEvent current, int line, int column, int depth)
    {
        switch (current)
        {
            case Scalar scalar:
                return new LocatedNode.Text(line, column, scalar.Value, scalar.Style == ScalarStyle.Plain);
            case SequenceStart:
                return new LocatedNode.List(line, column, Items(depth));
            case MappingStart:
                return new LocatedNode.Map(line, column, Entries(depth));
            case AnchorAlias alias when _limits.Aliases: // The node itself and not a copy, so that many aliases need no memory.
                return _anchors.TryGetValue(alias.Value.Value, out var known)
                    ? known
                    : throw new UnsupportedYamlException(current.Start, $"{Quoted.Text("*" + alias.Value)} names nothing before it.");
            case AnchorAlias alias:
                _errors.Add(
                    line,
                    column,
                    $"{Quoted.Text("*" + alias.Value)} is a YAML alias, which this file does not support. "
                        + "Write the value itself, and put a pattern that begins with '*' in quotes."
                );
                return new LocatedNode.Invalid(line, column);
            default:
                throw new UnsupportedYamlException(current.Start, "not a value. Expected a text, a list or a mapping.");
        }
    }

    private ImmutableArray<LocatedNode> Items(int depth)
    {
        var items = ImmutableArray.CreateBuilder<LocatedNode>();
        while (_parser.MoveNext() && _parser.Current is not SequenceEnd)
        {
            items.Add(Node(depth + 1));
        }

        return items.ToImmutable();
    }

    private ImmutableArray<(LocatedNode.Text Key, LocatedNode Value)> Entries(int depth)
    {
        var entries = ImmutableArray.CreateBuilder<(LocatedNode.Text, LocatedNode)>();
        var seen = new Dictionary<string, int>();
        while (_parser.MoveNext() && _parser.Current is not MappingEnd)
        {
            var key = Node(depth + 1);
            _parser.MoveNext();
            var value = Node(depth + 1);
            if (key is not LocatedNode.Text text)
            {
                _errors.Add(key, $"{key.Kind} cannot be a key; a key is a text.");
            }
            else if (!seen.TryAdd(text.Value, key.Line))
            {
                _errors.Add(key, $"{Quoted.Text(text.Value)} occurs twice, first on line {seen[text.Value]}. Keep one of them.");
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

    /// <summary>Stops reading at valid YAML that this file does not support.</summary>
    private sealed class UnsupportedYamlException(Mark at, string sentence) : Exception(sentence)
    {
        public int Line => YamlReader.Line(at);
        public int Column => YamlReader.Column(at);
    }
}

/// <summary>How much a YAML text may hold.</summary>
/// <param name="Depth">Levels of nesting. They are read by recursion.</param>
/// <param name="Nodes">Values, keys, lists and mappings.</param>
/// <param name="Aliases">Whether aliases are supported.</param>
internal sealed record YamlLimits(int Depth, int Nodes, bool Aliases)
{
    /// <summary>fleet.yaml.</summary>
    public static readonly YamlLimits Settings = new(12, 50_000, Aliases: false);

    /// <summary>A Compose file.</summary>
    public static readonly YamlLimits Foreign = new(64, 50_000, Aliases: true);
}
