namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>
/// The lines of memory.stat in bytes, page faults as counts. Null for a line that is missing.
/// </summary>
internal sealed record MemoryCounters
{
    public long? Cache { get; private init; }
    public long? Rss { get; private init; }
    public long? Swap { get; private init; }
    public long? MappedFile { get; private init; }
    public long? ActiveFile { get; private init; }
    public long? InactiveFile { get; private init; }
    public long? Faults { get; private init; }
    public long? FaultsBelow { get; private init; }
    public long? MajorFaults { get; private init; }
    public long? MajorFaultsBelow { get; private init; }

    /// <summary>
    /// memory.stat of version 1. A line with <c>total_</c> includes the cgroups below.
    /// </summary>
    public static MemoryCounters ParseFirst(ReadOnlySpan<byte> text)
    {
        var lines = new Lines(text);
        return new MemoryCounters
        {
            Cache = lines.Value("total_cache"u8),
            Rss = lines.Value("total_rss"u8),
            Swap = lines.Value("total_swap"u8),
            MappedFile = lines.Value("total_mapped_file"u8),
            ActiveFile = lines.Value("total_active_file"u8),
            InactiveFile = lines.Value("total_inactive_file"u8),
            Faults = lines.Value("pgfault"u8),
            FaultsBelow = lines.Value("total_pgfault"u8),
            MajorFaults = lines.Value("pgmajfault"u8),
            MajorFaultsBelow = lines.Value("total_pgmajfault"u8),
        };
    }

    /// <summary>memory.stat of version 2. Every line includes the cgroups below.</summary>
    public static MemoryCounters ParseSecond(ReadOnlySpan<byte> text)
    {
        var lines = new Lines(text);
        var (faults, major) = (lines.Value("pgfault"u8), lines.Value("pgmajfault"u8));
        return new MemoryCounters
        {
            Cache = lines.Value("file"u8),
            Rss = lines.Value("anon"u8),
            MappedFile = lines.Value("file_mapped"u8),
            ActiveFile = lines.Value("active_file"u8),
            InactiveFile = lines.Value("inactive_file"u8),
            Faults = faults,
            FaultsBelow = faults,
            MajorFaults = major,
            MajorFaultsBelow = major,
        };
    }

    private readonly ref struct Lines(ReadOnlySpan<byte> text)
    {
        private readonly ReadOnlySpan<byte> _text = text;

        public long? Value(ReadOnlySpan<byte> name)
        {
            var rest = _text;
            while (KernelText.NextLine(ref rest, out var line))
            {
                if (line.StartsWith(name) && line.Length > name.Length && line[name.Length] == (byte)' ')
                {
                    return (long)KernelText.Number(line[(name.Length + 1)..]);
                }
            }

            return null;
        }
    }
}
