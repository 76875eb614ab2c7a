using Microsoft.Win32.SafeHandles;

namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>One piece of memory into which every file of a sweep is read in turn. Not for two threads.</summary>
internal sealed class ReadBuffer
{
    /// <summary>A file that is longer is none of ours: a host with a thousand disks fills a tenth of it.</summary>
    private const int Longest = 1 << 20;

    /// <summary>The kernel hands over at most a page at a time where a file has many records; an answer so short was the end.</summary>
    private const int SurelyWhole = 2048;

    private byte[] _bytes = new byte[16 * 1024];

    /// <summary>The file from its start, until the next call.</summary>
    /// <exception cref="IOException">It cannot be read: what it told of is gone.</exception>
    public ReadOnlySpan<byte> Read(SafeFileHandle file)
    {
        var length = 0;
        while (true)
        {
            var read = RandomAccess.Read(file, _bytes.AsSpan(length), length);
            length += read;
            if (read == 0 || (length == read && read < SurelyWhole))
            {
                return _bytes.AsSpan(0, length);
            }

            if (length == _bytes.Length)
            {
                Array.Resize(
                    ref _bytes,
                    _bytes.Length < Longest
                        ? _bytes.Length * 2
                        : throw new InvalidDataException("A file of the kernel's is longer than any should be.")
                );
            }
        }
    }
}
