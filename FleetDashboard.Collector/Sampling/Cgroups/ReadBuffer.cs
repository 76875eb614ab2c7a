using Microsoft.Win32.SafeHandles;

namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>One buffer into which all files are read in turn. For one thread.</summary>
internal sealed class ReadBuffer
{
    /// <summary>The longest file that is read. A host with a thousand disks fills a tenth of it.</summary>
    private const int Longest = 1 << 20;

    /// <summary>The kernel returns long files a page at a time. A shorter first answer is the whole file.</summary>
    private const int SurelyWhole = 2048;

    private byte[] _bytes = new byte[16 * 1024];

    /// <summary>The file from its start, until the next call.</summary>
    /// <exception cref="IOException">The cgroup or process is gone.</exception>
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
                    _bytes.Length < Longest ? _bytes.Length * 2 : throw new InvalidDataException("A kernel file is longer than 1 MiB.")
                );
            }
        }
    }
}
