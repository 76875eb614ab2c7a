using System.Collections;
using System.Collections.Immutable;

namespace FleetDashboard.Web.Components.Shared;

/// <summary>
/// A list that equals another list with the same items. Immutable arrays compare by reference, so two records that hold equal arrays are
/// never equal. Display models hold this type instead, so that a card is rendered again only when its content changes.
/// </summary>
public readonly struct ValueList<T>(ImmutableArray<T> items) : IEquatable<ValueList<T>>, IReadOnlyList<T>
    where T : IEquatable<T>
{
    public ValueList(IEnumerable<T> items)
        : this(items.ToImmutableArray()) { }

    private ImmutableArray<T> Items => items.IsDefault ? [] : items;

    public int Count => Items.Length;

    public T this[int index] => Items[index];

    public static bool operator ==(ValueList<T> left, ValueList<T> right) => left.Equals(right);

    public static bool operator !=(ValueList<T> left, ValueList<T> right) => !left.Equals(right);

    public bool Equals(ValueList<T> other) => Items.AsSpan().SequenceEqual(other.Items.AsSpan());

    public override bool Equals(object? obj) => obj is ValueList<T> other && Equals(other);

    public override int GetHashCode() => Items.Length == 0 ? 0 : HashCode.Combine(Items.Length, Items[0]);

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)Items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
