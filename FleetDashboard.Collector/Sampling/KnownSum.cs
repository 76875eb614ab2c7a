namespace FleetDashboard.Collector.Sampling;

/// <summary>Sums of figures of which some may not be known.</summary>
internal static class KnownSum
{
    /// <summary>The sum of what is known; null where nothing is, since no measurement is not zero.</summary>
    public static double? Of<T>(IEnumerable<T> items, Func<T, double?> figure)
    {
        double? sum = null;
        foreach (var item in items)
        {
            sum = figure(item) is { } value ? (sum ?? 0) + value : sum;
        }

        return sum;
    }
}
