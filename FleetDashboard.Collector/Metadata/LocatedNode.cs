using System.Collections.Immutable;

namespace FleetDashboard.Collector.Metadata;

/// <summary>A YAML node with its position. Lines and columns count from 1.</summary>
internal abstract record LocatedNode(int Line, int Column)
{
    /// <summary>The kind of node, as part of an error such as "title is a list; expected a value".</summary>
    public abstract string Kind { get; }

    public sealed record Text(int Line, int Column, string Value, bool IsPlain) : LocatedNode(Line, Column)
    {
        /// <summary>True for a key without a value, and for the ways YAML writes null.</summary>
        public bool IsNothing => IsPlain && Value is "" or "~" or "null" or "Null" or "NULL";

        public override string Kind => IsNothing ? "no value" : $"the text {Quoted.Text(Value)}";
    }

    /// <summary>A node that was already reported as an error.</summary>
    public sealed record Invalid(int Line, int Column) : LocatedNode(Line, Column)
    {
        public override string Kind => "nothing that can be read";
    }

    public sealed record List(int Line, int Column, ImmutableArray<LocatedNode> Items) : LocatedNode(Line, Column)
    {
        public override string Kind => "a list";
    }

    public sealed record Map(int Line, int Column, ImmutableArray<(Text Key, LocatedNode Value)> Entries) : LocatedNode(Line, Column)
    {
        public override string Kind => "a mapping of keys";
    }
}
