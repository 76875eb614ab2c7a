using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// The end of a page of the merged trail: a sequence number for each host. In an address it is a number (one host) or a query:
/// <c>lab-1=120&amp;lab-2=77</c>.
/// </summary>
public sealed class TrailCursor(ImmutableArray<(string? Host, long Sequence)> positions) : IEquatable<TrailCursor>
{
    public static TrailCursor? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }
        if (Number(text) is { } only)
        {
            return new TrailCursor([(null, only)]);
        }
        var positions = QueryHelpers.ParseQuery(text).Select(pair => (Host: (string?)pair.Key, Sequence: Number(pair.Value))).ToList();
        return positions.Count > 0 && positions.TrueForAll(one => one.Sequence is not null)
            ? new TrailCursor([.. positions.Select(one => (one.Host, one.Sequence!.Value))])
            : null;
    }

    /// <summary>Records of a host older than this; null for its newest.</summary>
    public long? Find(string? host) => positions.Where(one => one.Host == host).Select(one => (long?)one.Sequence).FirstOrDefault();

    public override string ToString()
    {
        if (positions is [(null, var only)])
        {
            return only.ToString(CultureInfo.InvariantCulture);
        }
        var query = new QueryBuilder(
            positions.Select(one => KeyValuePair.Create(one.Host ?? "", one.Sequence.ToString(CultureInfo.InvariantCulture)))
        );
        return query.ToString()[1..];
    }

    public bool Equals(TrailCursor? other) => other is not null && ToString() == other.ToString();

    public override bool Equals(object? obj) => Equals(obj as TrailCursor);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
