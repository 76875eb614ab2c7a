namespace FleetDashboard.Web.Clients;

/// <summary>
/// Sums that stop at the largest number instead of failing. LINQ's Sum throws on overflow: one absurd value of one container would end the
/// page of every viewer.
/// </summary>
internal static class Saturating
{
    /// <summary>The sum, at most <see cref="long.MaxValue"/> and at least <see cref="long.MinValue"/>.</summary>
    public static long Sum(IEnumerable<long> values) =>
        (long)Int128.Clamp(values.Aggregate(Int128.Zero, (sum, value) => sum + value), long.MinValue, long.MaxValue);

    /// <inheritdoc cref="Sum(IEnumerable{long})" />
    public static long Total<T>(this IEnumerable<T> items, Func<T, long> figure) => Sum(items.Select(figure));

    /// <summary>The sum of the values; null where all are null. NaN counts as null.</summary>
    /// <param name="items">The items to add up.</param>
    /// <param name="figure">The value of an item; null where it has none.</param>
    /// <returns>The sum, and the number of items without a value.</returns>
    public static (double? Known, int Missing) Known<T>(this IEnumerable<T> items, Func<T, double?> figure)
    {
        var (sum, known, missing) = (0d, 0, 0);
        foreach (var item in items)
        {
            if (figure(item) is { } value && !double.IsNaN(value))
            {
                (sum, known) = (sum + value, known + 1);
            }
            else
            {
                missing++;
            }
        }
        return (known > 0 ? Math.Clamp(sum, -double.MaxValue, double.MaxValue) : null, missing);
    }
}
