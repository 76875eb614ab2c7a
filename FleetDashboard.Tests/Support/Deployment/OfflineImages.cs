using System.Formats.Tar;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace FleetDashboard.Tests.Support.Deployment;

/// <summary>
/// Base images for the Dockerfiles without a registry: a runtime image made from this machine's .NET and the Debian libraries it links to,
/// and a stand-in for the SDK whose <c>dotnet publish</c> copies output published earlier. The shipped Dockerfiles are therefore tested
/// unchanged.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class OfflineImages
{
    private static readonly string Configuration = typeof(OfflineImages)
        .Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!
        .Configuration;

    // "dotnet publish PROJECT ... --output FOLDER"
    private const string StandIn = """
        #!/bin/sh
        set -e
        project=$2
        while [ "$1" != --output ]; do shift; done
        mkdir -p "$2"
        cp -r "/published/$project/." "$2"
        """;

    /// <summary>An image with only the .NET runtime: no shell and no package manager, like the chiseled images.</summary>
    public static async Task MakeBaseAsync(DockerClient client, string name, CancellationToken cancellationToken)
    {
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var files = Directory
            .EnumerateFiles(Path.Combine(dotnet, "host"), "*", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*", SearchOption.AllDirectories))
            .Concat(
                Directory.EnumerateFiles(
                    Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Builder.WebApplication).Assembly.Location)!,
                    "*",
                    SearchOption.AllDirectories
                )
            )
            .Select(file => (File: file, Name: Path.Combine("usr/share/dotnet", Path.GetRelativePath(dotnet, file))));

        // OpenSSL is loaded by name and not linked, so its library is listed separately.
        var native = (string[])["libcoreclr.so", "libSystem.Native.so"];
        var libraries = (
            await Task.WhenAll(
                native.Select(library => LinkedAsync(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), library), cancellationToken))
            )
        )
            .SelectMany(linked => linked)
            .Concat(SslLibraries())
            .Distinct()
            .Select(file => (File: file, Name: file.TrimStart('/')));

        await ImportAsync(client, name, files.Concat(libraries), cancellationToken);
    }

    /// <summary>The stand-in, with both programs published in it.</summary>
    public static async Task MakeSdkAsync(DockerClient client, string name, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("fleet-published-").FullName;
        try
        {
            foreach (var project in (string[])["FleetDashboard.Collector", "FleetDashboard.Web"])
            {
                await Command.RunAsync(
                    "dotnet",
                    [
                        "publish",
                        Path.Combine(Repository.Root, project),
                        "--no-build",
                        "--configuration",
                        Configuration,
                        "--output",
                        Path.Combine(folder, "published", project),
                        "--verbosity",
                        "quiet",
                    ],
                    new Dictionary<string, string> { ["MSBUILDDISABLENODEREUSE"] = "1" },
                    cancellationToken
                );
            }

            var script = Path.Combine(folder, "dotnet");
            await File.WriteAllTextAsync(script, StandIn.ReplaceLineEndings("\n"), cancellationToken);
            File.SetUnixFileMode(script, (UnixFileMode)0x1ED); // 0755
            await ImportAsync(client, name, [.. BusyboxFiles(script), .. Published(folder)], cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<(string File, string Name)> Published(string folder) =>
        Directory
            .EnumerateFiles(Path.Combine(folder, "published"), "*", SearchOption.AllDirectories)
            .Select(file => (file, Path.GetRelativePath(folder, file)));

    private static IEnumerable<(string File, string Name)> BusyboxFiles(string script) =>
        ((string[])["sh", "mkdir", "cp", "chmod", "["])
            .Select(applet => (BusyboxImage.Path(), $"bin/{applet}"))
            .Append((script, "bin/dotnet"));

    private static IEnumerable<string> SslLibraries() =>
        ((string[])["/lib", "/usr/lib"])
            .Select(lib =>
                Path.Combine(lib, $"{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64")}-linux-gnu")
            )
            .Where(Directory.Exists)
            .SelectMany(folder =>
                (string[])[.. Directory.GetFiles(folder, "libssl.so.3"), .. Directory.GetFiles(folder, "libcrypto.so.3")]
            );

    // "libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x…)", and the loader by its path alone.
    private static async Task<IEnumerable<string>> LinkedAsync(string library, CancellationToken cancellationToken) =>
        (await Command.RunAsync("ldd", [library], cancellationToken))
            .Split('\n')
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(word => word.Trim())
            .Where(word => word.StartsWith('/') && File.Exists(word));

    private static async Task ImportAsync(
        DockerClient client,
        string name,
        IEnumerable<(string File, string Name)> files,
        CancellationToken cancellationToken
    )
    {
        await using var tar = new FileStream(
            Path.GetTempFileName(),
            new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.ReadWrite,
                Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            }
        );
        await using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            // 1777
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, "tmp/") { Mode = (UnixFileMode)0x3FF }, cancellationToken);
            foreach (var (file, entry) in files)
            {
                await using var content = File.OpenRead(file);
                await writer.WriteEntryAsync(
                    new PaxTarEntry(TarEntryType.RegularFile, entry) { Mode = File.GetUnixFileMode(file), DataStream = content },
                    cancellationToken
                );
            }
        }

        tar.Position = 0;
        var parts = name.Split(':');
        await client.Images.CreateImageAsync(
            new ImagesCreateParameters
            {
                FromSrc = "-",
                Repo = parts[0],
                Tag = parts[1],
                Changes = ["ENV PATH=/bin"],
            },
            tar,
            null,
            new Progress<JSONMessage>(),
            cancellationToken
        );
    }
}
