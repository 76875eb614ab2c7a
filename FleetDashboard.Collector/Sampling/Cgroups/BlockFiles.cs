using System.Collections.Immutable;
using System.Text;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>Bytes and operations of a cgroup on each disk.</summary>
internal sealed record BlockCounters(ImmutableArray<BlockCounter> Bytes, ImmutableArray<BlockCounter> Operations)
{
    public static readonly BlockCounters None = new([], []);
}

/// <summary>Parses the kernel's disk counters, in the formats of both cgroup versions.</summary>
internal static class BlockFiles
{
    /// <summary>Version 1: <c>254:0 Read 4096</c>, a line for each device and operation, and a sum without a device at the end.</summary>
    public static ImmutableArray<BlockCounter> ParseFirst(ReadOnlySpan<byte> text)
    {
        var found = ImmutableArray.CreateBuilder<BlockCounter>();
        while (KernelText.NextLine(ref text, out var line))
        {
            KernelText.NextField(ref line, out var device);
            if (device.IndexOf((byte)':') is >= 0 and var colon && KernelText.NextField(ref line, out var operation))
            {
                // A device may be listed twice: the values are added up.
                var counter = new BlockCounter(
                    KernelText.Number(device),
                    KernelText.Number(device[(colon + 1)..]),
                    NameOf(operation),
                    KernelText.NextNumber(ref line)
                );
                var known = found.FindIndex(one => one with { Value = 0 } == counter with { Value = 0 });
                if (known < 0)
                {
                    found.Add(counter);
                }
                else
                {
                    found[known] = counter with { Value = found[known].Value + counter.Value };
                }
            }
        }

        return found.DrainToImmutable();
    }

    /// <summary>
    /// Version 2: <c>254:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0</c>, a line for each device. A device without any operation
    /// has no counters.
    /// </summary>
    public static BlockCounters ParseSecond(ReadOnlySpan<byte> text)
    {
        var (bytes, operations) = (ImmutableArray.CreateBuilder<BlockCounter>(), ImmutableArray.CreateBuilder<BlockCounter>());
        while (KernelText.NextLine(ref text, out var line))
        {
            KernelText.NextField(ref line, out var device);
            if (device.IndexOf((byte)':') is not (>= 0 and var colon))
            {
                continue;
            }

            var (major, minor) = (KernelText.Number(device), KernelText.Number(device[(colon + 1)..]));
            while (KernelText.NextField(ref line, out var pair))
            {
                var value = pair[(pair.IndexOf((byte)'=') + 1)..];
                if (pair.StartsWith("rbytes="u8))
                {
                    bytes.Add(new(major, minor, "read", KernelText.Number(value)));
                }
                else if (pair.StartsWith("wbytes="u8))
                {
                    bytes.Add(new(major, minor, "write", KernelText.Number(value)));
                }
                else if (pair.StartsWith("rios="u8))
                {
                    operations.Add(new(major, minor, "read", KernelText.Number(value)));
                }
                else if (pair.StartsWith("wios="u8))
                {
                    operations.Add(new(major, minor, "write", KernelText.Number(value)));
                }
            }
        }

        return new BlockCounters(bytes.DrainToImmutable(), operations.DrainToImmutable());
    }

    private static int FindIndex(this ImmutableArray<BlockCounter>.Builder counters, Func<BlockCounter, bool> wanted)
    {
        for (var index = 0; index < counters.Count; index++)
        {
            if (wanted(counters[index]))
            {
                return index;
            }
        }

        return -1;
    }

    private static string NameOf(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("Read"u8) ? "Read"
        : word.SequenceEqual("Write"u8) ? "Write"
        : word.SequenceEqual("Sync"u8) ? "Sync"
        : word.SequenceEqual("Async"u8) ? "Async"
        : word.SequenceEqual("Discard"u8) ? "Discard"
        : word.SequenceEqual("Total"u8) ? "Total"
        : Encoding.ASCII.GetString(word);
}
