using System.Collections.Immutable;

namespace FleetDashboard.Collector.Databases;

/// <summary>
/// The measured databases of each container. Stored by the container's name, so that a recreated container keeps its growth of a day.
/// Mutable, without locks: only the snapshot writer may use it.
/// </summary>
internal sealed class DatabaseSizes
{
    /// <summary>How long after its last measurement a removed container is remembered.</summary>
    private static readonly TimeSpan Absence = TimeSpan.FromHours(1);

    private readonly Dictionary<string, ContainerSizes> _entries = [];

    /// <summary>Why the last measurement failed; null where it did not, or before the first.</summary>
    public string? ErrorOf(string container, string kind) => FindEntry(container, kind)?.Error;

    /// <summary>The databases as last measured, the largest first.</summary>
    public ImmutableArray<KnownDatabase> Find(string container, string kind) => FindEntry(container, kind)?.Databases ?? [];

    /// <summary>True once it was measured.</summary>
    public bool Knows(string container, string kind) => FindEntry(container, kind) is not null;

    public void Put(string container, string kind, DatabaseReading reading)
    {
        var entry = FindEntry(container, kind) ?? (_entries[container] = new ContainerSizes(kind));
        (entry.Error, entry.SeenAt) = (reading.Error, reading.At);
        if (reading.Error is not null)
        {
            return;
        }

        var rings = entry.Rings;
        entry.Rings = [];
        entry.Databases = [.. reading.Databases.DistinctBy(database => database.Name).Select(database => Measure(database))];

        KnownDatabase Measure(MeasuredDatabase database)
        {
            if (database.Bytes is not { } bytes)
            {
                return new KnownDatabase(database.Name, null, null, reading.At, database.Why);
            }

            var ring = entry.Rings[database.Name] = rings.GetValueOrDefault(database.Name) ?? new GrowthRing();
            ring.Add(reading.At, bytes);
            return new KnownDatabase(database.Name, bytes, ring.Growth(reading.At, bytes), reading.At);
        }
    }

    /// <summary>Forgets containers that were removed long ago.</summary>
    public void Prune(IReadOnlySet<string> present, DateTimeOffset now)
    {
        foreach (var (name, _) in _entries.Where(entry => !present.Contains(entry.Key) && now - entry.Value.SeenAt > Absence).ToList())
        {
            _entries.Remove(name);
        }
    }

    private ContainerSizes? FindEntry(string container, string kind) =>
        _entries.TryGetValue(container, out var entry) && entry.Kind == kind ? entry : null;

    private sealed class ContainerSizes(string kind)
    {
        public string Kind => kind;
        public string? Error { get; set; }
        public DateTimeOffset SeenAt { get; set; }
        public ImmutableArray<KnownDatabase> Databases { get; set; } = [];
        public Dictionary<string, GrowthRing> Rings { get; set; } = [];
    }
}

/// <summary>One database as last measured.</summary>
/// <param name="Name">The server's name for it.</param>
/// <param name="Bytes">Its size; null where the server refused to show it.</param>
/// <param name="GrowthBytes">Change over the last day; null before it was measured for a day.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Why">Why it could not be measured; null where the server refused to show it.</param>
internal sealed record KnownDatabase(string Name, long? Bytes, long? GrowthBytes, DateTimeOffset At, string? Why = null);
