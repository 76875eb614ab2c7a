namespace FleetDashboard.Collector.Metadata;

/// <summary>What one look at the file found.</summary>
internal abstract record FileContent
{
    private const int MaxBytes = 1024 * 1024;

    public sealed record Missing : FileContent;

    /// <summary>It is there and cannot be taken; the reason ends a sentence that begins with its name.</summary>
    public sealed record Refused(string Reason) : FileContent;

    public sealed record Bytes(ReadOnlyMemory<byte> Utf8) : FileContent
    {
        public bool Equals(Bytes? other) => other is not null && Utf8.Span.SequenceEqual(other.Utf8.Span);

        public override int GetHashCode() => Utf8.Length;
    }

    /// <summary>
    /// Looks at the file, all of it: it is small, and neither length nor time nor inode tell every change (a copy may keep all three).
    /// Links are followed at every look, because mounted files are replaced by turning a link.
    /// </summary>
    public static FileContent Read(string path)
    {
        try
        {
            var link = new FileInfo(path);
            var file = link.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? link;
            return file switch
            {
                _ when Directory.Exists(path) => new Refused(
                    "is a folder, not a file. Engines make one where a file that is to be mounted does not exist."
                ),
                { Exists: false } => new Missing(),
                // Also pipes and devices, which could keep a reader for ever: they have no length, so they are never opened.
                { Length: 0 } => new Bytes(ReadOnlyMemory<byte>.Empty),
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
            // Whatever else file systems come up with: it is a sentence, and does not end the watching.
            return new Refused(
                fault is UnauthorizedAccessException
                    ? "cannot be read: the Collector's user may not."
                    : $"cannot be read: {fault.Message.Replace(path, Path.GetFileName(path), StringComparison.Ordinal).Trim().TrimEnd('.')}."
            );
        }
    }

    private static FileContent ReadAll(string path)
    {
        using var handle = File.OpenHandle(path);
        var buffer = new byte[Math.Min(RandomAccess.GetLength(handle), MaxBytes) + 1];
        var length = 0;
        while (length < buffer.Length && RandomAccess.Read(handle, buffer.AsSpan(length), length) is > 0 and var read)
        {
            length += read;
        }

        return length > MaxBytes ? TooLarge(length) : new Bytes(buffer.AsMemory(0, length));
    }

    private static Refused TooLarge(long length) =>
        new(
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"has {length:N0} bytes and is not read: a metadata file has at most {MaxBytes:N0}."
            )
        );
}
