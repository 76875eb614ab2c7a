using System.Collections.Immutable;
using System.Text;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary><c>/proc/PID/net/dev</c>: the counters of each interface of a network namespace.</summary>
internal static class InterfaceTable
{
    /// <summary>
    /// The interfaces that the engine created: eth0, eth1 and so on. The loopback and the kernel's own (tunl0, sit0) are left out, and so
    /// are interfaces of an engine inside the container: their bytes pass eth0 too.
    /// </summary>
    public static ImmutableArray<InterfaceCounters> Parse(ReadOnlySpan<byte> text)
    {
        var found = ImmutableArray.CreateBuilder<InterfaceCounters>();
        while (KernelText.NextLine(ref text, out var line))
        {
            var colon = line.IndexOf((byte)':');
            if (colon < 0)
            {
                continue; // A heading.
            }

            var name = line[..colon].Trim((byte)' ');
            if (name.StartsWith("eth"u8) && name.Length > 3 && !name[3..].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            {
                var rest = line[(colon + 1)..];
                var received = TrafficOf(ref rest);
                Skip(ref rest, 4); // fifo, frame, compressed, multicast
                found.Add(new InterfaceCounters(Encoding.ASCII.GetString(name), received, TrafficOf(ref rest)));
            }
        }

        found.Sort(static (one, other) => string.CompareOrdinal(one.Name, other.Name));
        return found.DrainToImmutable();
    }

    private static Traffic TrafficOf(ref ReadOnlySpan<byte> rest) =>
        new(
            KernelText.NextNumber(ref rest),
            KernelText.NextNumber(ref rest),
            KernelText.NextNumber(ref rest),
            KernelText.NextNumber(ref rest)
        );

    private static void Skip(ref ReadOnlySpan<byte> rest, int count)
    {
        for (; count > 0; count--)
        {
            KernelText.NextNumber(ref rest);
        }
    }
}
