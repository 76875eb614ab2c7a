namespace FleetDashboard.Collector.Sampling;

/// <summary>Sums of figures of which some may not be known.</summary>
internal static class KnownSum
{
    /// <summary>
    /// The sum of the sizes that are known, at most <see cref="long.MaxValue"/>; null where none is. LINQ's own sum throws where it does
    /// not fit.
    /// </summary>
    public static long? OfBytes<T>(IEnumerable<T> items, Func<T, long?> figure)
    {
        long? sum = null;
        foreach (var item in items)
        {
            sum = figure(item) is { } value ? Add(sum ?? 0, value) : sum;
        }

        return sum;
    }

    /// <summary>A sum that stays at the end of the range instead of leaving it.</summary>
    public static long Add(long one, long other) =>
        one > 0 && other > long.MaxValue - one ? long.MaxValue
        : one < 0 && other < long.MinValue - one ? long.MinValue
        : one + other;

    /// <summary>The sum of what is known; null where nothing is, since no measurement is not zero.</summary>
    public static double? Total<T>(IEnumerable<T> items, Func<T, double?> figure)
    {
        double? sum = null;
        foreach (var item in items)
        {
            sum = figure(item) is { } value ? (sum ?? 0) + value : sum;
        }

        return sum;
    }
}
