using Microsoft.Win32.SafeHandles;

namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>Parses a file's text.</summary>
internal delegate T Parser<T>(ReadOnlySpan<byte> text);

/// <summary>
/// A kernel file that stays open and is read again and again. Text that did not change is not parsed again.
/// </summary>
internal sealed class KernelFile<T> : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly Parser<T> _parse;
    private byte[] _last = [];
    private int _length = -1;
    private T _value = default!;

    private KernelFile(SafeFileHandle handle, Parser<T> parse) => (_handle, _parse) = (handle, parse);

    /// <exception cref="IOException">The file is missing.</exception>
    /// <exception cref="UnauthorizedAccessException">The Collector may not read it.</exception>
    public static KernelFile<T> Open(string path, Parser<T> parse) =>
        new(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), parse);

    /// <summary>Opens a file; null where it is missing.</summary>
    public static KernelFile<T>? OpenIfThere(string path, Parser<T> parse) => File.Exists(path) ? Open(path, parse) : null;

    /// <exception cref="IOException">The cgroup or process is gone.</exception>
    /// <exception cref="InvalidDataException">The file has an unknown format.</exception>
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
