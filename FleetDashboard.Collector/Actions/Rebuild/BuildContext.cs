using System.Formats.Tar;
using System.Net;
using System.Net.Http.Headers;

namespace FleetDashboard.Collector.Actions.Rebuild;

/// <summary>
/// The build context as the tar stream that the engine expects, written while it is sent, so a context of gigabytes needs no memory. Links
/// are sent as links and resolve only inside the build. Nothing is read through a link.
/// </summary>
internal sealed class BuildContext : HttpContent
{
    /// <summary>The most files, folders and links in one context.</summary>
    public const int MostEntries = 200_000;

    private const int MostDepth = 128;
    private const int LargestIgnoreFile = 64 * 1024;
    private const int LargestDockerfile = 1024 * 1024;

    private readonly string _folder;
    private readonly string _dockerfile;
    private readonly long _most;
    private readonly DockerIgnore _ignore;
    private int _seen;

    /// <param name="folder">The context folder, a path without links.</param>
    /// <param name="dockerfile">The Dockerfile inside it.</param>
    /// <param name="mostBytes">The most bytes of files to send.</param>
    /// <exception cref="BuildRefusedException">The Dockerfile or .dockerignore cannot be read.</exception>
    public BuildContext(string folder, string dockerfile, long mostBytes)
    {
        (_folder, _dockerfile, _most) = (folder, dockerfile, mostBytes);
        BuildFile.ReadText(Path.Combine(folder, dockerfile), LargestDockerfile);
        _ignore = DockerIgnore.Parse(BuildFile.ReadText(Path.Combine(folder, DockerIgnore.FileName), LargestIgnoreFile)?.Split('\n') ?? []);
        Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
    }

    /// <summary>The number of file bytes sent.</summary>
    public long Sent { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _seen = 0;
        await using var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true);
        foreach (var (path, name) in Entries(_folder, ""))
        {
            if (Entry(path, name) is { } entry)
            {
                await using var data = entry.DataStream;
                await tar.WriteEntryAsync(entry, cancellationToken);
            }
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    // The engine always needs the Dockerfile and .dockerignore, even if .dockerignore excludes them.
    internal IEnumerable<(string Path, string Name)> Entries(string folder, string prefix, int depth = 0)
    {
        if (depth > MostDepth)
        {
            throw new BuildRefusedException(
                $"The context has folders nested more than {MostDepth} deep. List what the build does not need in {DockerIgnore.FileName}."
            );
        }

        foreach (var entry in Listed(folder))
        {
            var name = prefix + entry.Name;
            var isFolder = entry is DirectoryInfo && entry.LinkTarget is null;
            var ignored = _ignore.Ignores(name) && name != _dockerfile && name != DockerIgnore.FileName;
            if (!ignored)
            {
                yield return (entry.FullName, name);
            }

            if (isFolder && (!ignored || _ignore.HasExceptions || _dockerfile.StartsWith(name + '/', StringComparison.Ordinal)))
            {
                foreach (var inner in Entries(entry.FullName, name + '/', depth + 1))
                {
                    yield return inner;
                }
            }
        }
    }

    // Count before sorting: a folder with a million files must not be held in memory.
    private List<FileSystemInfo> Listed(string folder)
    {
        var entries = new List<FileSystemInfo>();
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (++_seen > MostEntries)
            {
                throw new BuildRefusedException(
                    $"The context has more than {MostEntries:N0} files and folders. "
                        + $"List what the build does not need in {DockerIgnore.FileName}."
                );
            }

            entries.Add(entry);
        }

        entries.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return entries;
    }

    // Read the entry again, because it may have changed since it was listed. Null for a socket, which cannot be sent.
    private PaxTarEntry? Entry(string path, string name)
    {
        var info = new FileInfo(path);
        if (info.LinkTarget is { } target)
        {
            return new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target };
        }

        if (info.Attributes.HasFlag(FileAttributes.Directory))
        {
            return new PaxTarEntry(TarEntryType.Directory, name + '/')
            {
                Mode = info.UnixFileMode,
                ModificationTime = info.LastWriteTimeUtc,
            };
        }

        var file = BuildFile.Open(path);
        switch (file)
        {
            case null:
                return null;
            case { CanSeek: false }:
                file.Dispose();
                return new PaxTarEntry(TarEntryType.Fifo, name) { Mode = info.UnixFileMode };
        }

        Sent += file.Length;
        if (Sent > _most)
        {
            file.Dispose();
            throw new BuildRefusedException(
                $"The context is larger than {_most / (1024 * 1024)} MiB (Actions:BuildContextMegabytes). "
                    + $"List what the build does not need in {DockerIgnore.FileName}."
            );
        }

        return new PaxTarEntry(TarEntryType.RegularFile, name)
        {
            Mode = info.UnixFileMode,
            ModificationTime = info.LastWriteTimeUtc,
            DataStream = new FileSlice(file, file.Length),
        };
    }
}
