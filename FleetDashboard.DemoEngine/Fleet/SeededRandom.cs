namespace FleetDashboard.DemoEngine.Fleet;

/// <summary>Reproducible random numbers: the same seed and number give the same result in every run.</summary>
internal static class SeededRandom
{
    public static ulong Seed(int seed, string text)
    {
        // FNV-1a: string.GetHashCode differs from process to process.
        var hash = 14695981039346656037UL ^ (uint)seed;
        foreach (var character in text)
        {
            hash = (hash ^ character) * 1099511628211UL;
        }

        return Mix(hash);
    }

    public static ulong Roll(ulong seed, long number) => Mix(seed + (ulong)number * 0x9E3779B97F4A7C15UL);

    /// <summary>A number from 0 up to, but not including, 1.</summary>
    public static double Fraction(ulong seed, long number) => (Roll(seed, number) >> 11) * (1.0 / (1UL << 53));

    public static double Between(ulong seed, long number, double low, double high) => low + Fraction(seed, number) * (high - low);

    public static T Pick<T>(ulong seed, long number, ReadOnlySpan<T> from) => from[(int)(Roll(seed, number) % (ulong)from.Length)];

    // The finaliser of SplitMix64.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
