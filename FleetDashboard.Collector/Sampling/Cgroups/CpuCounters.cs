namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>CPU time in nanoseconds, and the periods of the CPU limit.</summary>
internal readonly record struct CpuCounters(ulong Total, ulong User, ulong Kernel, ulong Periods, ulong ThrottledPeriods, ulong Throttled)
{
    /// <summary>
    /// cpuacct.stat of version 1 counts in ticks of USER_HZ: a hundredth of a second on every platform of .NET.
    /// </summary>
    public const ulong NanosecondsOfATick = 10_000_000;

    private const ulong NanosecondsOfAMicrosecond = 1000;

    /// <summary>Parses cpu.stat of version 2.</summary>
    /// <exception cref="InvalidDataException"><c>usage_usec</c> is missing. Treating it as 0 would look like a counter reset.</exception>
    public static CpuCounters ParseSecond(ReadOnlySpan<byte> text) =>
        text.IndexOf("usage_usec "u8) >= 0
            ? Parse(text)
            : throw new InvalidDataException("The kernel's file cpu.stat has no line usage_usec.");

    /// <summary>Parses the lines of any CPU file, in the units of its version. A missing line counts as 0.</summary>
    public static CpuCounters Parse(ReadOnlySpan<byte> text)
    {
        var parts = default(CpuCounters);
        while (KernelText.NextLine(ref text, out var line))
        {
            KernelText.NextField(ref line, out var name);
            parts = name switch
            {
                _ when name.SequenceEqual("user"u8) => parts with { User = KernelText.NextNumber(ref line) * NanosecondsOfATick },
                _ when name.SequenceEqual("system"u8) => parts with { Kernel = KernelText.NextNumber(ref line) * NanosecondsOfATick },
                _ when name.SequenceEqual("throttled_time"u8) => parts with { Throttled = KernelText.NextNumber(ref line) },
                _ when name.SequenceEqual("usage_usec"u8) => parts with
                {
                    Total = KernelText.NextNumber(ref line) * NanosecondsOfAMicrosecond,
                },
                _ when name.SequenceEqual("user_usec"u8) => parts with
                {
                    User = KernelText.NextNumber(ref line) * NanosecondsOfAMicrosecond,
                },
                _ when name.SequenceEqual("system_usec"u8) => parts with
                {
                    Kernel = KernelText.NextNumber(ref line) * NanosecondsOfAMicrosecond,
                },
                _ when name.SequenceEqual("throttled_usec"u8) => parts with
                {
                    Throttled = KernelText.NextNumber(ref line) * NanosecondsOfAMicrosecond,
                },
                _ when name.SequenceEqual("nr_periods"u8) => parts with { Periods = KernelText.NextNumber(ref line) },
                _ when name.SequenceEqual("nr_throttled"u8) => parts with { ThrottledPeriods = KernelText.NextNumber(ref line) },
                _ => parts,
            };
        }

        return parts;
    }
}
