using System.Collections.Immutable;
using System.Text;

namespace FleetDashboard.Collector.Metadata;

/// <summary>The parsed file, or its errors.</summary>
internal sealed record FleetFileReading(FleetFile? File, ImmutableArray<FleetFileError> Errors);

/// <summary>
/// Parses text into a checked <see cref="FleetFile"/>. Pure. One error rejects the whole file: applying half of it would be a state that
/// the operator never wrote.
/// </summary>
internal sealed class FleetFileParser
{
    public static readonly ImmutableArray<string> FileKeys = ["apps", "protected"];
    public static readonly ImmutableArray<string> AppKeys =
    [
        "title",
        "link",
        "owner",
        "runbook",
        "icon",
        "containers",
        "ports",
        "subnet",
        "protected",
        "rebuild",
        "thresholds",
    ];
    public static readonly ImmutableArray<string> RebuildKeys = ["service", "context", "dockerfile", "args"];
    public static readonly ImmutableArray<string> ThresholdKeys = ["memory", "cpu", "throttled", "samples"];

    private const int MaxPath = 1024;
    private const int MaxName = 128;
    private const int MaxArg = 4096;
    private const int MaxAppName = 128;

    private readonly FleetFileErrors _errors = new();

    public static FleetFileReading Parse(ReadOnlySpan<byte> utf8)
    {
        var bare = utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8;
        try
        {
            return Parse(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bare));
        }
        catch (DecoderFallbackException fault)
        {
            var before = bare[..Math.Clamp(fault.Index, 0, bare.Length)];
            var line = before.Count((byte)'\n') + 1;
            return new FleetFileReading(
                null,
                [new FleetFileError(line, before.Length - before.LastIndexOf((byte)'\n'), "not UTF-8 text. Save the file as UTF-8.")]
            );
        }
    }

    public static FleetFileReading Parse(string text)
    {
        var parser = new FleetFileParser();
        var file = parser.File(YamlReader.Read(text, parser._errors));
        return new FleetFileReading(parser._errors.Any ? null : file, parser._errors.ToImmutable());
    }

    private FleetFile File(LocatedNode? root)
    {
        var fields = new Fields(root, "the file", FileKeys, _errors);
        var apps = Fields.Entries(fields.Node("apps"), "apps", "the name of each app with its keys below", _errors);
        return new FleetFile([.. apps.Select(entry => App(entry.Key, entry.Value))], fields.List("protected", NamePattern.Read));
    }

    private AppEntry App(LocatedNode.Text name, LocatedNode value)
    {
        var fields = new Fields(value, $"app {Quoted.Text(name.Value)}", AppKeys, _errors);
        CheckName(name);
        return new AppEntry(name.Value, name.Line)
        {
            Title = fields.Text("title"),
            Link = fields.Value("link", Values.Link),
            Owner = fields.Text("owner"),
            Runbook = fields.Value("runbook", Values.Link),
            Icon = fields.Value("icon", Values.Icon),
            Containers = fields.List("containers", NamePattern.Read),
            Ports = Ports(fields),
            Subnets = fields.List("subnet", Subnet),
            Protected = fields.List("protected", NamePattern.Read),
            Rebuild = Rebuild(fields.Node("rebuild")),
            Thresholds = Thresholds(fields.Node("thresholds")),
        };

        static (ExpectedSubnet? Value, string? Wrong) Subnet(string text, int line)
        {
            var (network, wrong) = Values.Subnet(text);
            return (network is { } known ? new ExpectedSubnet(known, line) : null, wrong);
        }
    }

    private void CheckName(LocatedNode.Text name)
    {
        if (
            string.IsNullOrWhiteSpace(name.Value)
            || name.Value.Length > MaxAppName
            || name.Value is "." or ".."
            || name.Value.Any(c => char.IsControl(c) || c is '/' or '\\')
        )
        {
            _errors.Add(
                name,
                $"{Quoted.Text(name.Value)} cannot name an app; a name has 1 to {MaxAppName} characters, without '/' and '\\'."
            );
        }
    }

    private static ImmutableArray<ExpectedPort> Ports(Fields fields)
    {
        var first = new Dictionary<(string?, int, string), int>();
        var ranges = fields.List(
            "ports",
            (text, line) =>
            {
                var (ports, wrong) = ExpectedPort.Read(text, line);
                var twice = ports?.FirstOrDefault(port => !first.TryAdd((port.Address, port.Port, port.Protocol), line));
                return twice is null
                    ? (ports, wrong)
                    : (null, $"{twice} is expected twice, first on line {first[(twice.Address, twice.Port, twice.Protocol)]}");
            }
        );
        return [.. ranges.SelectMany(ports => ports)];
    }

    private RebuildSource? Rebuild(LocatedNode? node)
    {
        if (node is null)
        {
            return null;
        }

        var fields = new Fields(node, "rebuild", RebuildKeys, _errors);
        var args = Fields.Entries(fields.Node("args"), "args", "the name of each build argument with its value", _errors);
        var values = new Fields(fields.Node("args") as LocatedNode.Map, "args", [.. args.Select(entry => entry.Key.Value)], _errors);
        if (fields.Node("context") is null)
        {
            _errors.Add(node, "rebuild has no context. Set it to the folder that the image is built from.");
        }

        return new RebuildSource(
            fields.Text("context", MaxPath) ?? "",
            fields.Value("dockerfile", Values.Dockerfile),
            args.ToImmutableSortedDictionary(
                entry => entry.Key.Value,
                entry => values.Text(entry.Key.Value, MaxArg) ?? "",
                StringComparer.Ordinal
            ),
            fields.Text("service", MaxName),
            node.Line
        );
    }

    private Thresholds Thresholds(LocatedNode? node)
    {
        var fields = new Fields(node, "thresholds", ThresholdKeys, _errors);
        return new Thresholds(
            fields.Value<double?>("memory", Values.Percent),
            fields.Value<double?>("cpu", Values.Percent),
            fields.Value<double?>("throttled", Values.Percent),
            fields.Value<int?>("samples", Values.Samples)
        );
    }
}
