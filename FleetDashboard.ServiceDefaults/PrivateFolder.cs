using System.Globalization;

namespace FleetDashboard.ServiceDefaults;

/// <summary>
/// A folder that only its owner can access, even if it already existed: from a backup, from <c>mkdir</c>, from a volume. It holds password
/// hashes, the keys that sign cookies, and the audit trail.
/// </summary>
public static class PrivateFolder
{
    private const UnixFileMode OtherUsers =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    private const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Folder = File | UnixFileMode.UserExecute;

    private static readonly string[] SystemFolders =
    [
        "/tmp",
        "/var/tmp",
        "/dev/shm",
        "/run",
        "/var",
        "/etc",
        "/usr",
        "/home",
        "/srv",
        "/opt",
    ];

    /// <summary>Creates the folder, and removes all access of other users to it and to the matching files in it.</summary>
    /// <exception cref="UnauthorizedAccessException">Access cannot be restricted. The message says why and what to do.</exception>
    public static void Create(string folder, params string[] files)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder); // permissions are inherited from the parent
            return;
        }

        Directory.CreateDirectory(folder, Folder);
        Restrict(folder, Folder);
        foreach (var file in files.SelectMany(pattern => Directory.EnumerateFiles(folder, pattern)))
        {
            // A link may lead to a file of another user.
            if (new FileInfo(file).LinkTarget is null)
            {
                Restrict(file, File);
            }
        }
    }

    /// <summary>
    /// Whether all users of the system keep files here, so that restricting access would break other programs. A tmpfs of our own may have
    /// the same mode.
    /// </summary>
    internal static bool IsShared(string folder)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return path == Path.GetPathRoot(path)
            || path == Path.TrimEndingDirectorySeparator(Path.GetTempPath())
            || SystemFolders.Contains(path);
    }

    private static void Restrict(string path, UnixFileMode wanted)
    {
        if (OperatingSystem.IsWindows() || System.IO.File.GetUnixFileMode(path) is var mode && (mode & OtherUsers) == 0)
        {
            return;
        }

        if (IsShared(path))
        {
            throw new UnauthorizedAccessException(
                $"{path} is a folder that all users share (mode {Octal(mode)}). Set Data:Path to a folder that only this program uses"
            );
        }

        try
        {
            System.IO.File.SetUnixFileMode(path, wanted);
        }
        catch (UnauthorizedAccessException)
        {
            throw Open(path, mode, wanted);
        }

        // Some file systems accept the change without applying it.
        if ((System.IO.File.GetUnixFileMode(path) & OtherUsers) != 0)
        {
            throw Open(path, mode, wanted);
        }
    }

    private static UnauthorizedAccessException Open(string path, UnixFileMode mode, UnixFileMode wanted) =>
        new(
            $"{path} can be accessed by other users (mode {Octal(mode)}), and user {Environment.UserName} may not change that. "
                + $"Change its owner to this user and its mode to {Octal(wanted)}"
        );

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(4, '0').ToString(CultureInfo.InvariantCulture);
}
