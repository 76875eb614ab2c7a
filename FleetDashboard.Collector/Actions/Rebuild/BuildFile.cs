using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace FleetDashboard.Collector.Actions.Rebuild;

/// <summary>
/// Opens files below a build root. Other users may write there at the same time, so a file is opened without following links and without
/// waiting for a pipe. The opened file's real path is then checked, because a parent folder may have been replaced by a link meanwhile.
/// </summary>
internal static partial class BuildFile
{
    private const int NonBlocking = 0x800,
        CloseOnExec = 0x80000; // Linux values
    private const int NoSuchFile = 2,
        NoSuchDevice = 6,
        TooManyLinks = 40;
    private static readonly int NoFollow = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64
        ? 0x8000
        : 0x20000;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Opens a file for reading. Null for a socket, which cannot be opened. A pipe is returned as a stream that cannot seek.
    /// </summary>
    /// <param name="path">The path, without links.</param>
    /// <exception cref="BuildRefusedException">The file is a link, or was moved.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static FileStream? Open(string path)
    {
        var descriptor = OpenDescriptor(path, NonBlocking | CloseOnExec | NoFollow, 0);
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError() switch
            {
                NoSuchDevice => null,
                NoSuchFile => throw new FileNotFoundException($"{path} does not exist", path),
                TooManyLinks => throw new BuildRefusedException($"{Path.GetFileName(path)} is a link. Replace it by the file itself."),
                var error => throw new IOException($"{path} cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}"),
            };
        }

        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            if (new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget != path)
            {
                throw new BuildRefusedException(
                    $"{Path.GetFileName(path)} was moved or replaced while the sources were read. Rebuild again."
                );
            }

            return new FileStream(handle, FileAccess.Read, bufferSize: 0);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Reads a text file as a whole. Null if it does not exist.</summary>
    /// <param name="path">The path, without links.</param>
    /// <param name="most">The largest size in bytes.</param>
    /// <exception cref="BuildRefusedException">It is not a regular file, too large, or not UTF-8.</exception>
    public static string? ReadText(string path, int most)
    {
        var name = Path.GetFileName(path);
        try
        {
            using var file = Open(path);
            if (file is not { CanSeek: true })
            {
                throw new BuildRefusedException($"{name} is not a regular file. Replace it by one.");
            }

            var buffer = new byte[most + 1];
            var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length <= most
                ? Strict.GetString(buffer, 0, length)
                : throw new BuildRefusedException($"{name} is larger than {most / 1024} KiB. Make it smaller.");
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (DecoderFallbackException)
        {
            throw new BuildRefusedException($"{name} is not UTF-8 text. Save it as UTF-8.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new BuildRefusedException($"{name} cannot be read as a file: {fault.Message.TrimEnd('.')}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenDescriptor(string path, int flags, int mode);
}
