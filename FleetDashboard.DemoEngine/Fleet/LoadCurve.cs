namespace FleetDashboard.DemoEngine.Fleet;

/// <summary>
/// A varying load: a mean plus slow sines and fast ones that look like noise. The integral of a sine is a formula, so a counter can be
/// computed for any time, without a timer or storage for five thousand containers.
/// </summary>
internal readonly record struct LoadCurve(double Mean, double Swing, ulong Seed)
{
    private static readonly double[] Periods = [2220, 660, 181, 41, 13, 5];
    private static readonly double[] Shares = [0.34, 0.24, 0.16, 0.12, 0.08, 0.06];

    public double At(double seconds)
    {
        var wave = 0.0;
        for (var i = 0; i < Periods.Length; i++)
        {
            wave += Shares[i] * Math.Sin(Omega(i) * seconds + Phase(i));
        }

        return Mean * (1 + Swing * wave);
    }

    /// <summary>
    /// The area under the curve. It never decreases, because the shares add up to one and <see cref="Swing"/> is below one.
    /// </summary>
    public double Between(double from, double to)
    {
        var area = to - from;
        for (var i = 0; i < Periods.Length; i++)
        {
            var (omega, phase) = (Omega(i), Phase(i));
            area += Swing * Shares[i] / omega * (Math.Cos(omega * from + phase) - Math.Cos(omega * to + phase));
        }

        return Mean * area;
    }

    // Each container has its own frequency. Otherwise the loads of the whole fleet would move together.
    private double Omega(int i) => 2 * Math.PI / (Periods[i] * SeededRandom.Between(Seed, i, 0.7, 1.3));

    private double Phase(int i) => SeededRandom.Between(Seed, 100 + i, 0, 2 * Math.PI);
}
