using System.Collections.Immutable;

namespace FleetDashboard.Collector.Metadata;

/// <summary>A piece of YAML that knows where it stands; lines and columns count from 1.</summary>
internal abstract record YamlNode(int Line, int Column)
{
    /// <summary>What it is, for a sentence about what it should have been.</summary>
    public abstract string Kind { get; }

    public sealed record Text(int Line, int Column, string Value, bool IsPlain) : YamlNode(Line, Column)
    {
        /// <summary>True for a key without a value, and for the words that YAML has for that.</summary>
        public bool IsNothing => IsPlain && Value is "" or "~" or "null" or "Null" or "NULL";

        public override string Kind => IsNothing ? "no value" : $"the text {Quoted.Text(Value)}";
    }

    /// <summary>Something that is among the mistakes already.</summary>
    public sealed record Refused(int Line, int Column) : YamlNode(Line, Column)
    {
        public override string Kind => "nothing that can be read";
    }

    public sealed record List(int Line, int Column, ImmutableArray<YamlNode> Items) : YamlNode(Line, Column)
    {
        public override string Kind => "a list";
    }

    public sealed record Map(int Line, int Column, ImmutableArray<(Text Key, YamlNode Value)> Entries) : YamlNode(Line, Column)
    {
        public override string Kind => "a mapping of keys";
    }
}
