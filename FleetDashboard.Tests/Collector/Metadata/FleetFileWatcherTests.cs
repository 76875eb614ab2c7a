using FleetDashboard.Collector.Metadata;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FleetDashboard.Tests.Collector.Metadata;

/// <summary>The file on the disk, in all the ways in which files are replaced, broken and taken away.</summary>
public sealed class FleetFileWatcherTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fleet-file-");
    private readonly Heard _log = new();

    private string FilePath => Path.Combine(_folder.FullName, "fleet.yaml");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Change_IsTakenOver_WhenTwoLooksAgree()
    {
        Write("First");
        var watcher = Watcher();
        Assert.Equal("First", Title(watcher.Check()));
        Assert.Null(watcher.Check());

        Write("Second");
        Assert.Null(watcher.Check());
        Assert.Equal("Second", Title(watcher.Check()));
        Assert.Null(watcher.Check());

        Write("Half a");
        Assert.Null(watcher.Check());
        Write("Half a file no more");
        Assert.Null(watcher.Check());
        Assert.Equal("Half a file no more", Title(watcher.Check()));
    }

    [Fact]
    public void Replaced_WithTheSameLengthAndTime_IsSeen()
    {
        Write("One");
        var watcher = Watcher();
        watcher.Check();
        var at = File.GetLastWriteTimeUtc(FilePath);

        var other = FilePath + ".new";
        File.WriteAllText(other, Text("Two"));
        File.SetLastWriteTimeUtc(other, at);
        File.Move(other, FilePath, overwrite: true);

        Assert.Equal("Two", Title(Settled(watcher)));
    }

    // As Kubernetes mounts a ConfigMap: fleet.yaml -> ..data/fleet.yaml, ..data -> a folder with a time in its name.
    [Fact]
    public void LinkedFolder_IsTurned_IsSeen()
    {
        Folder("v1", "One");
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "..data"), "v1");
        File.CreateSymbolicLink(FilePath, Path.Combine("..data", "fleet.yaml"));
        var watcher = Watcher();
        Assert.Equal("One", Title(watcher.Check()));

        Folder("v2", "Two");
        Directory.Delete(Path.Combine(_folder.FullName, "..data"));
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "..data"), "v2");

        Assert.Equal("Two", Title(Settled(watcher)));
    }

    [Fact]
    public void Error_KeepsTheLastGoodVersion_IsReportedOnce_UntilFixed()
    {
        Write("Good");
        var watcher = Watcher();
        watcher.Check();

        File.WriteAllText(FilePath, "apps:\n  wiki:\n    tittle: Bad\n");
        var broken = Settled(watcher);

        Assert.Equal("Good", Title(broken));
        Assert.StartsWith(
            "fleet.yaml line 3: unknown key 'tittle' in app 'wiki'; did you mean 'title'?",
            broken!.Warnings[0],
            StringComparison.Ordinal
        );
        Assert.Equal("The last good version of fleet.yaml stays in force until this is fixed.", broken.Warnings[1]);
        Assert.Null(watcher.Check());
        Assert.Null(watcher.Check());
        var told = Assert.Single(_log.Warnings);
        Assert.Contains("line 3", told, StringComparison.Ordinal);
        Assert.Contains(FilePath, told, StringComparison.Ordinal);

        Write("Mended");
        var mended = Settled(watcher);
        Assert.Equal("Mended", Title(mended));
        Assert.Empty(mended!.Warnings);
    }

    [Fact]
    public void Error_AtTheStart_LeavesNothingInForce()
    {
        File.WriteAllText(FilePath, "nonsense");

        var broken = Watcher().Check()!;

        Assert.Empty(broken.File.Apps);
        Assert.Equal("Nothing of fleet.yaml is in force until this is fixed.", broken.Warnings[^1]);
    }

    [Fact]
    public void Removed_ForAMoment_IsIgnored_ForGood_EndsItsEffects()
    {
        Write("Here");
        var watcher = Watcher();
        watcher.Check();

        File.Delete(FilePath);
        Assert.Null(watcher.Check());
        Write("Here");
        Assert.Null(watcher.Check());

        File.Delete(FilePath);
        var gone = Settled(watcher)!;
        Assert.Empty(gone.File.Apps);
        Assert.Equal(["fleet.yaml does not exist, so it sets nothing. Create it, or remove FLEET_FILE."], gone.Warnings);
        Assert.Single(_log.Warnings);

        Write("Back");
        Assert.Equal("Back", Title(Settled(watcher)));
    }

    [Fact]
    public void Missing_WhereItIsOnlyLookedFor_IsNoWarning()
    {
        var watcher = Watcher(optional: true);

        Assert.Empty(watcher.Check()!.Warnings);
        Assert.Empty(_log.Warnings);

        Write("Come");
        Assert.Equal("Come", Title(Settled(watcher)));
    }

    [Fact]
    public void EmptyFile_SetsNothing_AndWarns()
    {
        Write("Good");
        var watcher = Watcher();
        watcher.Check();

        File.WriteAllText(FilePath, "");
        var empty = Settled(watcher)!;

        Assert.Empty(empty.File.Apps);
        Assert.Equal(["fleet.yaml is empty, so it sets nothing."], empty.Warnings);
    }

    [Fact]
    public void FileOfFiftyMegabytes_IsNotRead()
    {
        Write("Good");
        var watcher = Watcher();
        watcher.Check();

        using (var file = File.OpenWrite(FilePath))
        {
            file.SetLength(50 * 1024 * 1024);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var large = Settled(watcher)!;

        Assert.Equal("Good", Title(large));
        Assert.Equal("fleet.yaml has 52,428,800 bytes and is not read. The limit is 1,048,576 bytes.", large.Warnings[0]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Fact]
    public void NotReadable_OrNoFileAtAll_KeepsTheLastGoodOne()
    {
        Write("Good");
        var watcher = Watcher();
        watcher.Check();

        File.Delete(FilePath);
        Directory.CreateDirectory(FilePath);
        Assert.StartsWith("fleet.yaml is a folder, not a file.", Settled(watcher)!.Warnings[0], StringComparison.Ordinal);

        Directory.Delete(FilePath);
        File.CreateSymbolicLink(FilePath, "fleet.yaml");
        var circle = Settled(watcher)!;
        Assert.Equal("Good", Title(circle));
        Assert.StartsWith("fleet.yaml cannot be read: ", circle.Warnings[0], StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.FullName, circle.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void UnreadableFile_IsReported()
    {
        Assert.SkipWhen(Environment.UserName == "root", "root may read everything");
        Write("Secret");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(FilePath, UnixFileMode.None);
        }

        Assert.Equal("fleet.yaml cannot be read: the Collector's user may not.", Watcher().Check()!.Warnings[0]);
    }

    [Fact]
    public async Task Watch_GivesTheFirstAtOnceAndTheNextAfterAnInterval()
    {
        Write("First");
        var time = new FakeTimeProvider();
        await using var seen = Watcher(time: time)
            .WatchAsync(TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await seen.MoveNextAsync());
        Assert.Equal("First", Title(seen.Current));

        var next = seen.MoveNextAsync().AsTask();
        Write("Second");
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(next.IsCompleted);
        for (var i = 0; i < 10 && !next.IsCompleted; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await next.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal("Second", Title(seen.Current));
    }

    [Fact]
    public async Task Watch_WithoutAFile_GivesNothing()
    {
        await foreach (var metadata in Watcher(file: "").WatchAsync(TestContext.Current.CancellationToken))
        {
            Assert.Fail(metadata.ToString());
        }
    }

    private static string Text(string title) => $"apps:\n  wiki:\n    title: {title}\n";

    private static string? Title(FleetMetadata? metadata) => metadata?.File.Apps.Single().Title;

    // A change counts when it is still there at the next look.
    private static FleetMetadata? Settled(FleetFileWatcher watcher)
    {
        Assert.Null(watcher.Check());
        return watcher.Check();
    }

    private void Write(string title) => File.WriteAllText(FilePath, Text(title));

    private void Folder(string name, string title)
    {
        var folder = _folder.CreateSubdirectory(name);
        File.WriteAllText(Path.Combine(folder.FullName, "fleet.yaml"), Text(title));
    }

    private FleetFileWatcher Watcher(bool optional = false, string? file = null, TimeProvider? time = null) =>
        new(Options.Create(new MetadataOptions { File = file ?? FilePath, Optional = optional }), time ?? TimeProvider.System, _log);

    private sealed class Heard : ILogger<FleetFileWatcher>
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (logLevel >= LogLevel.Warning)
            {
                Warnings.Add(formatter(state, exception));
            }
        }
    }
}
