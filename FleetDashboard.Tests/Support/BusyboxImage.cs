using System.Formats.Tar;

namespace FleetDashboard.Tests.Support;

/// <summary>
/// The image that the tests use: two megabytes, built in memory from this machine's static busybox. Uses no registry and leaves no file.
/// </summary>
internal static class BusyboxImage
{
    public const string Name = "fleet/busybox:1";

    private static readonly string[] Applets =
    [
        "[",
        "awk",
        "cat",
        "chmod",
        "cp",
        "date",
        "dd",
        "df",
        "echo",
        "env",
        "false",
        "grep",
        "head",
        "hostname",
        "httpd",
        "id",
        "ip",
        "kill",
        "ls",
        "mkdir",
        "mv",
        "nc",
        "nslookup",
        "printf",
        "ps",
        "rm",
        "sed",
        "seq",
        "sh",
        "sleep",
        "stat",
        "sync",
        "tail",
        "test",
        "top",
        "touch",
        "tr",
        "true",
        "uname",
        "usleep",
        "wc",
        "wget",
        "yes",
    ];

    public static MemoryStream Tar()
    {
        var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            foreach (var folder in (string[])["bin/", "etc/", "tmp/", "data/"])
            {
                writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, folder) { Mode = Everybody(UnixFileMode.UserWrite) });
            }

            using var busybox = File.OpenRead(Path());
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "bin/busybox") { Mode = Everybody(), DataStream = busybox });
            foreach (var applet in Applets)
            {
                writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, $"bin/{applet}") { LinkName = "busybox" });
            }
        }

        tar.Position = 0;
        return tar;
    }

    public static string Path() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Append("/bin")
            .Append("/usr/bin")
            .Select(folder => System.IO.Path.Combine(folder, "busybox"))
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("There is no busybox in PATH. Install Debian's busybox-static, or run ./test.sh.");

    private static UnixFileMode Everybody(UnixFileMode more = UnixFileMode.None) =>
        more
        | UnixFileMode.UserRead
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;
}
