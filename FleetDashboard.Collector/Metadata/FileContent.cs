namespace FleetDashboard.Collector.Metadata;

/// <summary>The content of the file at one check.</summary>
internal abstract record FileContent
{
    private const int MaxBytes = 1024 * 1024;

    public sealed record Missing : FileContent;

    /// <summary>The file exists and cannot be read. The reason continues a sentence that starts with its name.</summary>
    public sealed record Unreadable(string Reason) : FileContent;

    public sealed record Content(ReadOnlyMemory<byte> Utf8) : FileContent
    {
        public bool Equals(Content? other) => other is not null && Utf8.Span.SequenceEqual(other.Utf8.Span);

        public override int GetHashCode() => Utf8.Length;
    }

    /// <summary>
    /// Reads the whole file. It is small, and its length, time and inode can stay the same after a change (a copy may keep all three).
    /// Links are followed each time, because tools replace mounted files by changing a link.
    /// </summary>
    public static FileContent Read(string path)
    {
        try
        {
            var link = new FileInfo(path);
            var file = link.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? link;
            return file switch
            {
                _ when Directory.Exists(path) => new Unreadable(
                    "is a folder, not a file. Docker creates a folder when the file of a bind mount does not exist."
                ),
                { Exists: false } => new Missing(),
                // Pipes and devices have no length either. They are never opened, because reading one could block for ever.
                { Length: 0 } => new Content(ReadOnlyMemory<byte>.Empty),
                { Length: > MaxBytes } => TooLarge(file.Length),
                _ => ReadAll(file.FullName),
            };
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return new Missing();
        }
        catch (Exception fault)
        {
            // File systems throw many kinds of exception. None may end the watching.
            return new Unreadable(
                fault is UnauthorizedAccessException
                    ? "cannot be read. Give the Collector's user permission to read it."
                    : $"cannot be read: {WithoutFolder(fault.Message, path)}."
            );
        }
    }

    private static string WithoutFolder(string message, string path) =>
        message.Replace(path, Path.GetFileName(path), StringComparison.Ordinal).Trim().TrimEnd('.');

    private static FileContent ReadAll(string path)
    {
        using var handle = File.OpenHandle(path);
        var buffer = new byte[Math.Min(RandomAccess.GetLength(handle), MaxBytes) + 1];
        var length = 0;
        while (length < buffer.Length && RandomAccess.Read(handle, buffer.AsSpan(length), length) is > 0 and var read)
        {
            length += read;
        }

        return length > MaxBytes ? TooLarge(length) : new Content(buffer.AsMemory(0, length));
    }

    private static Unreadable TooLarge(long length) =>
        new(
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"has {length:N0} bytes and is not read. The limit is {MaxBytes:N0} bytes."
            )
        );
}
