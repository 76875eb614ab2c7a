using System.Globalization;

namespace FleetDashboard.ServiceDefaults;

/// <summary>
/// A folder that its owner alone can open, also where it was there before: from a backup, from <c>mkdir</c>, from a volume. In it are
/// password hashes, the keys that sign cookies, and the audit trail.
/// </summary>
public static class PrivateFolder
{
    private const UnixFileMode Others =
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

    /// <summary>Makes the folder, and closes it and the files in it that match to everybody else.</summary>
    /// <exception cref="UnauthorizedAccessException">It cannot be closed; the message says why and what to do.</exception>
    public static void Make(string folder, params string[] files)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder); // what it inherits from its parent
            return;
        }

        Directory.CreateDirectory(folder, Folder);
        Close(folder, Folder);
        foreach (var file in files.SelectMany(pattern => Directory.EnumerateFiles(folder, pattern)))
        {
            // A link leads to what may be somebody else's.
            if (new FileInfo(file).LinkTarget is null)
            {
                Close(file, File);
            }
        }
    }

    /// <summary>
    /// Whether every user of the system keeps files here: closing it would stop other programs. A tmpfs of our own may have the same mode.
    /// </summary>
    internal static bool IsShared(string folder)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return path == Path.GetPathRoot(path)
            || path == Path.TrimEndingDirectorySeparator(Path.GetTempPath())
            || SystemFolders.Contains(path);
    }

    private static void Close(string path, UnixFileMode wanted)
    {
        if (OperatingSystem.IsWindows() || System.IO.File.GetUnixFileMode(path) is var mode && (mode & Others) == 0)
        {
            return;
        }

        if (IsShared(path))
        {
            throw new UnauthorizedAccessException(
                $"{path} is a folder that all users share (mode {Octal(mode)}). Set Data:Path to a folder of this program alone"
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

        // Some file systems take the change and do not make it.
        if ((System.IO.File.GetUnixFileMode(path) & Others) != 0)
        {
            throw Open(path, mode, wanted);
        }
    }

    private static UnauthorizedAccessException Open(string path, UnixFileMode mode, UnixFileMode wanted) =>
        new(
            $"{path} can be opened by other users (mode {Octal(mode)}), and user {Environment.UserName} may not change that. "
                + $"Give it to this user and set its mode to {Octal(wanted)}"
        );

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(4, '0').ToString(CultureInfo.InvariantCulture);
}
