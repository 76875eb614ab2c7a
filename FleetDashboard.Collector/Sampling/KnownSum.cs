namespace FleetDashboard.Collector.Sampling;

/// <summary>Sums of values of which some are missing.</summary>
internal static class KnownSum
{
    /// <summary>
    /// The sum of the sizes that are present, at most <see cref="long.MaxValue"/>; null where all are missing. LINQ's sum throws on
    /// overflow.
    /// </summary>
    public static long? OfBytes<T>(IEnumerable<T> items, Func<T, long?> value)
    {
        long? sum = null;
        foreach (var item in items)
        {
            sum = value(item) is { } present ? Add(sum ?? 0, present) : sum;
        }

        return sum;
    }

    /// <summary>A sum that stays at the end of the range instead of overflowing.</summary>
    public static long Add(long one, long other) =>
        one > 0 && other > long.MaxValue - one ? long.MaxValue
        : one < 0 && other < long.MinValue - one ? long.MinValue
        : one + other;

    /// <summary>The sum of the values that are present; null where all are missing, because a missing value is not 0.</summary>
    public static double? Total<T>(IEnumerable<T> items, Func<T, double?> value)
    {
        double? sum = null;
        foreach (var item in items)
        {
            sum = value(item) is { } present ? (sum ?? 0) + present : sum;
        }

        return sum;
    }
}
