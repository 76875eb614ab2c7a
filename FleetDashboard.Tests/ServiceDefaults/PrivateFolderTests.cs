using FleetDashboard.ServiceDefaults;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.ServiceDefaults;

/// <summary>Folders with keys, hashes and the audit trail are closed to other users, even if they were open before.</summary>
public sealed class PrivateFolderTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everybody = Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Search = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fleet-modes-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Web_DataFolderOpenToAll_IsRestricted()
    {
        SkipOnWindows();
        var keys = Directory.CreateDirectory(Path.Combine(_folder.FullName, "keys")).FullName;
        await using (var first = WebApp.Start(new Uri("http://127.0.0.1:1"), [new("Data:Path", _folder.FullName)]))
        {
            // Also the files as just created.
            Assert.All(Directory.EnumerateFiles(_folder.FullName, "accounts.db*"), file => Assert.Equal(Owner, Mode(file)));
            Open(_folder.FullName);
            Open(keys);
        }
        _folder.Create();
        Directory.CreateDirectory(keys);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "accounts.db-copy"), "hashes", Token);
        await File.WriteAllTextAsync(Path.Combine(keys, "key-1.xml"), "<key/>", Token);
        Open(_folder.FullName);
        Open(keys);

        new FleetDashboard.Web.Auth.WebDataOptions { Path = _folder.FullName }.Create();

        Assert.Equal(Owner | UnixFileMode.UserExecute, Mode(_folder.FullName));
        Assert.Equal(Owner | UnixFileMode.UserExecute, Mode(keys));
        Assert.Equal(Owner, Mode(Path.Combine(_folder.FullName, "accounts.db-copy")));
        Assert.Equal(Owner, Mode(Path.Combine(keys, "key-1.xml")));
    }

    [Fact]
    public async Task Collector_DataFolderOpenToAll_IsRestricted()
    {
        SkipOnWindows();
        await using (await CollectorHost.StartAsync(new Uri("unix:///nowhere/docker.sock"), Token, $"--Data:Path={_folder.FullName}")) { }
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "journal.db"), "", Token);
        Open(_folder.FullName);

        await using var again = await CollectorHost.StartAsync(
            new Uri("unix:///nowhere/docker.sock"),
            Token,
            $"--Data:Path={_folder.FullName}"
        );

        Assert.Equal(Owner | UnixFileMode.UserExecute, Mode(_folder.FullName));
        Assert.All(Directory.EnumerateFiles(_folder.FullName), file => Assert.Equal(Owner, Mode(file) & (Everybody | Search)));
    }

    [Fact]
    public void Link_IsNotFollowed_AndOtherFilesStayUnchanged()
    {
        SkipOnWindows();
        var elsewhere = Path.Combine(_folder.FullName, "elsewhere");
        var data = Directory.CreateDirectory(Path.Combine(_folder.FullName, "data")).FullName;
        File.WriteAllText(elsewhere, "somebody's");
        File.WriteAllText(Path.Combine(data, "notes"), "ours, and no secret");
        Open(_folder.FullName);
        Open(data);
        File.CreateSymbolicLink(Path.Combine(data, "accounts.db"), elsewhere);

        PrivateFolder.Create(data, "accounts.db*");

        Assert.Equal(Everybody, Mode(elsewhere));
        Assert.Equal(Everybody, Mode(Path.Combine(data, "notes")));
        Assert.Equal(Owner | UnixFileMode.UserExecute, Mode(data));
    }

    [Theory]
    [InlineData("/tmp", true)]
    [InlineData("/tmp/", true)]
    [InlineData("/var/../tmp", true)]
    [InlineData("/dev/shm", true)]
    [InlineData("/", true)]
    [InlineData("/srv", true)]
    [InlineData("/tmp/fleet", false)]
    [InlineData("/data", false)]
    public void SharedFolder_IsNeverRestricted(string folder, bool shared)
    {
        SkipOnWindows();

        Assert.Equal(shared, PrivateFolder.IsShared(folder));
    }

    [Fact]
    public void Folder_OnItsOwnFileSystem_IsRestricted()
    {
        SkipOnWindows();
        // With the mode of a new tmpfs.
        Open(_folder.FullName, Everybody | Search | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.StickyBit);

        PrivateFolder.Create(_folder.FullName, "*");

        Assert.Equal(Owner | UnixFileMode.UserExecute, Mode(_folder.FullName));
    }

    private static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");

    private static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

    private static void Open(string folder, UnixFileMode mode = Everybody | Search)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        File.SetUnixFileMode(folder, mode);
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            File.SetUnixFileMode(file, Everybody);
        }
    }
}
