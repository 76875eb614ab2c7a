using System.Formats.Tar;
using System.Net;
using System.Net.Http.Headers;

namespace FleetDashboard.Collector.Actions.Rebuild;

/// <summary>
/// The sources of a build as the tar that the engine wants, written while it is sent: a context of gigabytes costs no memory. Links are sent as links,
/// and so lead nowhere but where they lead inside the build.
/// </summary>
internal sealed class BuildContext : HttpContent
{
    private readonly string _folder;
    private readonly string _dockerfile;
    private readonly long _most;
    private readonly DockerIgnore _ignore;

    public BuildContext(string folder, string dockerfile, long mostBytes)
    {
        (_folder, _dockerfile, _most) = (folder, dockerfile, mostBytes);
        var ignore = Path.Combine(folder, DockerIgnore.FileName);
        _ignore = DockerIgnore.Parse(File.Exists(ignore) ? File.ReadLines(ignore) : []);
        Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
    }

    /// <summary>Bytes of files sent so far.</summary>
    public long Sent { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true);
        foreach (var (path, name) in Entries(_folder, ""))
        {
            await WriteAsync(tar, path, name, cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    // The engine itself needs the Dockerfile and the list of what to ignore, whatever that list says of them.
    internal IEnumerable<(string Path, string Name)> Entries(string folder, string prefix)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
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
                foreach (var inner in Entries(entry.FullName, name + '/'))
                {
                    yield return inner;
                }
            }
        }
    }

    private async Task WriteAsync(TarWriter tar, string path, string name, CancellationToken cancellationToken)
    {
        var mode = OperatingSystem.IsWindows() ? UnixFileMode.UserRead : File.GetUnixFileMode(path);
        if (new FileInfo(path).LinkTarget is { } target)
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target, Mode = mode }, cancellationToken);
        }
        else if (Directory.Exists(path))
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, name + '/') { Mode = mode, ModificationTime = Directory.GetLastWriteTimeUtc(path) }, cancellationToken);
        }
        else if (IsPlain(path))
        {
            await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite, Options = FileOptions.Asynchronous });
            Sent += file.Length;
            if (Sent > _most)
            {
                throw new BuildRefusedException($"The context is larger than {_most / (1024 * 1024)} MiB (Actions:BuildContextMegabytes): name what the build does not need in a {DockerIgnore.FileName}.");
            }

            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = file, Mode = mode, ModificationTime = File.GetLastWriteTimeUtc(path) }, cancellationToken);
        }
    }

    // Pipes, sockets and devices are no sources: opening one could wait for ever.
    private static bool IsPlain(string path) => (File.GetAttributes(path) & FileAttributes.Device) == 0 && new FileInfo(path) is { Exists: true } file && (file.Length > 0 || IsEmptyFile(path));

    private static bool IsEmptyFile(string path)
    {
        using var list = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, FileOptions.None);
        return RandomAccess.GetLength(list) == 0;
    }
}
