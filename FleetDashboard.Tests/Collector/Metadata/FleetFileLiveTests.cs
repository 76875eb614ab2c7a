using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Metadata;

/// <summary>From the file on the disk to the stream that pages read.</summary>
public sealed class FleetFileLiveTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fleet-file-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string FilePath => Path.Combine(_folder.FullName, "fleet.yaml");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task File_WrittenBrokenFixedRemoved_EachChangeIsOnTheStream()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await File.WriteAllTextAsync(
            FilePath,
            "apps:\n  wiki:\n    title: The Wiki\n    protected: wiki-web-?\n  cache:\n    containers: '*-cache-1'\n",
            Token
        );
        await using var collector = await CollectorHost.StartAsync(
            demo.Endpoint,
            Token,
            $"--Fleet:File={FilePath}",
            "--Fleet:Interval=00:00:00.2"
        );

        // At once: the first snapshot already has it.
        var first = await collector.UntilAsync(fleet => !fleet.Stale, Token);
        Assert.Equal("The Wiki", Wiki(first).Title);
        Assert.Equal(
            "protected by fleet.yaml line 4",
            Wiki(first).Containers.Single(container => container.Name == "wiki-web-1").ProtectedReason
        );
        Assert.Equal(AppOrigin.File, first.Apps.Single(app => app.Name == "cache").Origin);
        Assert.Empty(first.Warnings);

        await File.WriteAllTextAsync(FilePath, "apps:\n  wiki:\n    tittle: The Wiki\n", Token);
        var broken = await collector.UntilAsync(fleet => fleet.Warnings.Length > 0, Token);
        Assert.StartsWith("fleet.yaml line 3: unknown key 'tittle'", broken.Warnings[0], StringComparison.Ordinal);
        Assert.Equal("The Wiki", Wiki(broken).Title);
        Assert.Equal(first.Apps.Select(app => app.Name).Order(), broken.Apps.Select(app => app.Name).Order());

        var next = FilePath + ".next";
        await File.WriteAllTextAsync(next, "apps:\n  wiki:\n    title: Our Wiki\n    ports: 18999\n", Token);
        File.Move(next, FilePath, overwrite: true);
        var mended = await collector.UntilAsync(fleet => Wiki(fleet).Title == "Our Wiki", Token);
        Assert.Equal(["fleet.yaml line 4: app 'wiki' should serve 18999/tcp: nobody does."], mended.Warnings);
        Assert.DoesNotContain(mended.Apps, app => app.Name == "cache");

        File.Delete(FilePath);
        var gone = await collector.UntilAsync(fleet => Wiki(fleet).Title == "wiki", Token);
        Assert.Equal(["fleet.yaml does not exist, so it sets nothing. Create it, or remove FLEET_FILE."], gone.Warnings);
        Assert.Empty(Wiki(gone).ExpectedPorts);
    }

    [Fact]
    public async Task File_ChangedWhileTheEngineIsAway_IsShown_AndMakesNothingNewer()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await CollectorHost.StartAsync(
            demo.Endpoint,
            Token,
            $"--Fleet:File={FilePath}",
            "--Fleet:Optional=true",
            "--Fleet:Interval=00:00:00.2"
        );
        var before = await collector.UntilAsync(fleet => !fleet.Stale, Token);
        Assert.Empty(before.Warnings);

        await demo.StopServerAsync();
        var stale = await collector.UntilAsync(fleet => fleet.Stale, Token);
        await File.WriteAllTextAsync(FilePath, "apps:\n  wiki:\n    title: The Wiki\n", Token);
        var titled = await collector.UntilAsync(fleet => Wiki(fleet).Title == "The Wiki", Token);

        Assert.True(titled.Stale);
        Assert.Equal((stale.TakenAt, stale.StaleSince), (titled.TakenAt, titled.StaleSince));
    }

    private static AppSnapshot Wiki(FleetSnapshot fleet) => fleet.Apps.Single(app => app.Name == "wiki");
}
