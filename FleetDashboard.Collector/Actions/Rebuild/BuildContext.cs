using System.Formats.Tar;
using System.Net;
using System.Net.Http.Headers;

namespace FleetDashboard.Collector.Actions.Rebuild;

/// <summary>
/// The sources of a build as the tar that the engine wants, written while it is sent: a context of gigabytes costs no memory. Links are
/// sent as links,
/// and so lead nowhere but where they lead inside the build; nothing is read through one.
/// </summary>
internal sealed class BuildContext : HttpContent
{
    /// <summary>Files, folders and links of one context.</summary>
    public const int MostEntries = 200_000;

    private const int MostDepth = 128;
    private const int LargestIgnoreFile = 64 * 1024;
    private const int LargestDockerfile = 1024 * 1024;

    private readonly string _folder;
    private readonly string _dockerfile;
    private readonly long _most;
    private readonly DockerIgnore _ignore;
    private int _seen;

    /// <param name="folder">The folder with the sources, a path without links.</param>
    /// <param name="dockerfile">The Dockerfile inside it.</param>
    /// <param name="mostBytes">Bytes of files that may be sent.</param>
    /// <exception cref="BuildRefusedException">The Dockerfile or the list of what to ignore is nothing that can be read.</exception>
    public BuildContext(string folder, string dockerfile, long mostBytes)
    {
        (_folder, _dockerfile, _most) = (folder, dockerfile, mostBytes);
        BuildFile.ReadText(Path.Combine(folder, dockerfile), LargestDockerfile);
        _ignore = DockerIgnore.Parse(BuildFile.ReadText(Path.Combine(folder, DockerIgnore.FileName), LargestIgnoreFile)?.Split('\n') ?? []);
        Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
    }

    /// <summary>Bytes of files sent so far.</summary>
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

    // The engine itself needs the Dockerfile and the list of what to ignore, whatever that list says of them.
    internal IEnumerable<(string Path, string Name)> Entries(string folder, string prefix, int depth = 0)
    {
        if (depth > MostDepth)
        {
            throw new BuildRefusedException(
                $"The context has folders more than {MostDepth} deep: name what the build does not need in a {DockerIgnore.FileName}."
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

    // Counted before they are sorted: a folder of a million files must not be held in memory.
    private List<FileSystemInfo> Listed(string folder)
    {
        var entries = new List<FileSystemInfo>();
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (++_seen > MostEntries)
            {
                throw new BuildRefusedException(
                    $"The context has more than {MostEntries:N0} files and folders: name what the build does not need in a {DockerIgnore.FileName}."
                );
            }

            entries.Add(entry);
        }

        entries.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return entries;
    }

    // Looked at anew: it may have become something else since it was listed. Null for a socket, which is no source.
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
                $"The context is larger than {_most / (1024 * 1024)} MiB (Actions:BuildContextMegabytes): name what the build does not need in a {DockerIgnore.FileName}."
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
