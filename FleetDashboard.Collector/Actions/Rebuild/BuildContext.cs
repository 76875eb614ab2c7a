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
        var file = new FileInfo(path);
        var bytes = file is { Exists: true, LinkTarget: null } ? file.Length : 0;
        Sent += bytes;
        if (Sent > _most)
        {
            throw new BuildRefusedException($"The context is larger than {_most / (1024 * 1024)} MiB (Actions:BuildContextMegabytes): name what the build does not need in a {DockerIgnore.FileName}.");
        }

        try
        {
            // It looks at what a path is before it opens it: a pipe is sent as a pipe, and nobody waits for what would come out of it.
            await tar.WriteEntryAsync(path, name, cancellationToken);
        }
        catch (IOException) when (bytes == 0 && !cancellationToken.IsCancellationRequested)
        {
            // A socket: it cannot be in a tar, and is no source.
        }
    }
}
