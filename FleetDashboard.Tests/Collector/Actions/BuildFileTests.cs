using System.Diagnostics;
using System.Text;
using FleetDashboard.Collector.Actions.Rebuild;
using Xunit;

namespace FleetDashboard.Tests.Collector.Actions;

/// <summary>Files below a build root are untrusted: every content gives an answer, and nothing is read through a link.</summary>
public sealed class BuildFileTests : IDisposable
{
    private readonly string _folder = RealPath.Resolve(Directory.CreateTempSubdirectory("fleet-build-").FullName);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Texts =>
        new()
        {
            { "two values in a list", "services: { web: { build: { args: [A=1, A=2] } } }" },
            { "two keys", "services: { web: { build: { args: { A: 1, A: 2 } } } }" },
            { "brackets", new string('[', 200_000) },
            { "braces", string.Concat(Enumerable.Repeat("{a: ", 100_000)) },
            {
                "billion laughs",
                "a: &a [x,x,x,x,x,x,x,x,x]\n"
                    + string.Concat(
                        "bcdefghijk".Select(key => $"{key}: &{key} [{string.Join(',', Enumerable.Repeat($"*{(char)(key - 1)}", 9))}]\n")
                    )
                    + "services: { web: { build: *k } }"
            },
            { "itself", "services: &s { web: { build: *s } }" },
            { "unknown alias", "services: { web: { build: *nothing } }" },
            {
                "many values",
                "services: { web: { build: { args: [" + string.Join(',', Enumerable.Range(0, 60_000).Select(i => $"A{i}=1")) + "] } } }"
            },
            { "a path of zeros", "services: { web: { build: \"a\\0b\" } }" },
            { "numbers", "services: { web: { build: 7, build: [1] } }" },
            { "control characters", "services: \u0001\u0002" },
            { "two documents", "a: 1\n---\nservices: { web: { build: . } }" },
            { "a tag", "services: !!binary aaa" },
            { "a very long line", "services: { web: { build: " + new string('x', 900_000) + " } }" },
        };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Compose_AnyContent_GivesAnAnswer(string what, string text)
    {
        var answer = ComposeBuild.Read([("compose.yaml", text)], "web", "/p");

        Assert.True(answer.Plan is null != answer.Refusal is null, what);
    }

    [Fact]
    public void Compose_ListWithADuplicateName_TakesTheLast() =>
        Assert.Equal("2", ComposeBuild.Read([("c", "services: { web: { build: { args: [A=1, A=2] } } }")], "web", "/p").Plan!.Args["A"]);

    [Theory]
    [InlineData("a pipe", "is not a regular file")]
    [InlineData("a link to a file", "is a link")]
    [InlineData("a link to /dev/zero", "is a link")]
    [InlineData("a folder", "cannot be read as a file")]
    [InlineData("too large", "is larger than 64 KiB")]
    [InlineData("sparse, ten gigabytes", "is larger than 64 KiB")]
    [InlineData("not UTF-8", "is not UTF-8 text")]
    [InlineData("a broken pattern", "contains the invalid pattern")]
    [InlineData("ten thousand patterns", "has more than 2000 lines")]
    public async Task Context_IgnoreFileIsAPipeALinkOrTooLarge_IsRefused(string what, string why)
    {
        await File.WriteAllTextAsync(In("Dockerfile"), "FROM scratch", Cancelled);
        await MakeAsync(what, In(".dockerignore"));

        var refused = Assert.Throws<BuildRefusedException>(() => new BuildContext(_folder, "Dockerfile", 1000));

        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a pipe")]
    [InlineData("a link to /dev/zero")]
    [InlineData("not UTF-8")]
    public async Task Context_DockerfileIsNotText_IsRefused(string what)
    {
        await MakeAsync(what, In("Dockerfile"));

        Assert.Throws<BuildRefusedException>(() => new BuildContext(_folder, "Dockerfile", 1000));
    }

    [Fact]
    public async Task Context_FolderSwappedForALink_IsNotFollowed()
    {
        await File.WriteAllTextAsync(In("Dockerfile"), "FROM scratch", Cancelled);
        Directory.CreateDirectory(In("sub"));
        await File.WriteAllTextAsync(In("sub/token"), "harmless", Cancelled);
        var secret = Directory.CreateTempSubdirectory("fleet-secret-").FullName;
        await File.WriteAllTextAsync(Path.Combine(secret, "token"), "SECRET", Cancelled);
        using var context = new BuildContext(_folder, "Dockerfile", 1000);
        using var tar = new SwappingStream(() =>
        {
            Directory.Delete(In("sub"), recursive: true);
            File.CreateSymbolicLink(In("sub"), secret);
        });

        await Assert.ThrowsAnyAsync<Exception>(() => context.CopyToAsync(tar, Cancelled));

        Assert.True(tar.Swapped);
        Assert.DoesNotContain("SECRET", Encoding.UTF8.GetString(tar.ToArray()), StringComparison.Ordinal);
        Directory.Delete(secret, recursive: true);
    }

    [Fact]
    public async Task Context_NestedTooDeep_IsRefused()
    {
        await File.WriteAllTextAsync(In("Dockerfile"), "FROM scratch", Cancelled);
        var deep = _folder;
        for (var i = 0; i < 140; i++)
        {
            deep = Path.Combine(deep, "d");
        }

        Directory.CreateDirectory(deep);
        using var context = new BuildContext(_folder, "Dockerfile", 1000);

        Assert.Contains(
            "deep",
            Assert.Throws<BuildRefusedException>(() => context.Entries(_folder, "").Count()).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Slice_OfAShrinkingFile_KeepsTheLengthInTheTar()
    {
        await File.WriteAllTextAsync(In("log"), new string('x', 5000), Cancelled);
        await using var slice = new FileSlice(BuildFile.Open(In("log"))!, 5000);
        await File.WriteAllTextAsync(In("log"), "short", Cancelled);
        using var copy = new MemoryStream();

        await slice.CopyToAsync(copy, Cancelled);

        Assert.Equal((5000, "short"), (copy.Length, Encoding.UTF8.GetString(copy.GetBuffer(), 0, 5)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string In(string name) => Path.Combine(_folder, name);

    private static async Task MakeAsync(string what, string path)
    {
        switch (what)
        {
            case "a pipe":
                using (var mkfifo = Process.Start("mkfifo", [path]))
                {
                    await mkfifo.WaitForExitAsync(Cancelled);
                }

                break;
            case "a link to a file":
                File.CreateSymbolicLink(path, "Dockerfile");
                break;
            case "a link to /dev/zero":
                File.CreateSymbolicLink(path, "/dev/zero");
                break;
            case "a folder":
                Directory.CreateDirectory(path);
                break;
            case "too large":
                await File.WriteAllTextAsync(path, new string('#', 70_000), Cancelled);
                break;
            case "sparse, ten gigabytes":
                await using (var file = File.Create(path))
                {
                    file.SetLength(10L << 30);
                }

                break;
            case "not UTF-8":
                await File.WriteAllBytesAsync(path, [0xff, 0xfe, 0x00, 0x80], Cancelled);
                break;
            case "a broken pattern":
                await File.WriteAllTextAsync(path, "[z-a]", Cancelled);
                break;
            default:
                await File.WriteAllTextAsync(path, string.Join('\n', Enumerable.Range(0, 10_000)), Cancelled);
                break;
        }
    }

    /// <summary>Simulates another user: a folder that was listed is replaced by a link before it is read.</summary>
    private sealed class SwappingStream(Action swap) : MemoryStream
    {
        public bool Swapped { get; private set; }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!Swapped && Encoding.UTF8.GetString(buffer.Span).Contains("sub/", StringComparison.Ordinal))
            {
                Swapped = true;
                swap();
            }

            await base.WriteAsync(buffer, cancellationToken);
        }
    }
}
