using Microsoft.Win32.SafeHandles;

namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>Makes something of a file's text.</summary>
internal delegate T Parser<T>(ReadOnlySpan<byte> text);

/// <summary>
/// A file of the kernel's that stays open and is read again and again. What reads the same as last time is neither parsed nor made anew.
/// </summary>
internal sealed class KernelFile<T> : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly Parser<T> _parse;
    private byte[] _last = [];
    private int _length = -1;
    private T _value = default!;

    private KernelFile(SafeFileHandle handle, Parser<T> parse) => (_handle, _parse) = (handle, parse);

    /// <exception cref="IOException">There is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not for us.</exception>
    public static KernelFile<T> Open(string path, Parser<T> parse) =>
        new(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), parse);

    /// <summary>The same; null where there is no such file.</summary>
    public static KernelFile<T>? OpenIfThere(string path, Parser<T> parse) => File.Exists(path) ? Open(path, parse) : null;

    /// <exception cref="IOException">What it told of is gone.</exception>
    /// <exception cref="InvalidDataException">It is not what it should be.</exception>
    public T Read(ReadBuffer buffer)
    {
        var text = buffer.Read(_handle);
        if (_length == text.Length && text.SequenceEqual(_last.AsSpan(0, _length)))
        {
            return _value;
        }

        _value = _parse(text);
        if (_last.Length < text.Length)
        {
            _last = new byte[text.Length + (text.Length / 4)];
        }

        text.CopyTo(_last);
        _length = text.Length;
        return _value;
    }

    public void Dispose() => _handle.Dispose();
}
