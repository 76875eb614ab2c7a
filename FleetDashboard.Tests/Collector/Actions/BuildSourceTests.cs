using FleetDashboard.Collector.Actions.Rebuild;
using FleetDashboard.Contracts;
using Xunit;

namespace FleetDashboard.Tests.Collector.Actions;

/// <summary>The sources of a build: Compose files, links and .dockerignore.</summary>
public sealed class BuildSourceTests
{
    [Theory]
    [InlineData("services: { web: { build: ./src } }", "/p/src||")]
    [InlineData("services: { web: { build: { context: ../other, dockerfile: D, target: t } } }", "/other|D|t")]
    [InlineData("services: { web: { build: { args: [A=1, B=a=b] } } }", "/p||A=1,B=a=b")]
    [InlineData("x: &b { context: c }\nservices: { web: { build: *b } }", "/p/c||")]
    [InlineData("services: { web: { build: { context: /abs, cache_from: [x], no_cache: true } } }", "/abs||")]
    public void Compose_WithABuildSection_GivesThePlan(string yaml, string expected)
    {
        var plan = ComposeBuild.Read([("compose.yaml", yaml)], "web", "/p").Plan;

        Assert.NotNull(plan);
        Assert.Equal(
            expected,
            $"{plan.Context}|{plan.Dockerfile}|{plan.Target}{string.Join(',', plan.Args.Select(arg => $"{arg.Key}={arg.Value}"))}"
        );
    }

    [Theory]
    [InlineData("services: { web: { image: x } }", "its Compose file has no build section for it")]
    [InlineData("services: { other: { build: . } }", "its Compose file has no build section for it")]
    [InlineData(
        "services: { web: { build: { secrets: [a] } } }",
        "compose.yaml uses 'secrets', which only Compose supports; rebuild it with Compose"
    )]
    [InlineData("services: { web: { build: { args: [HOME] } } }", "'HOME' takes its value from Compose's environment")]
    [InlineData("services: { web: { build: \"${SRC}\" } }", "'${SRC}' takes its value from Compose's environment")]
    [InlineData("services: { web: { build: \"https://example.org/x.git\" } }", "which is not a folder")]
    [InlineData("services:\n  web: [", "compose.yaml line 3 is not valid YAML")]
    [InlineData("", "its Compose file has no build section for it")]
    [InlineData("- a list", "its Compose file has no build section for it")]
    public void Compose_NotSupported_SaysWhy(string yaml, string why)
    {
        var answer = ComposeBuild.Read([("compose.yaml", yaml)], "web", "/p");

        Assert.Null(answer.Plan);
        Assert.Equal(RefusalCodes.BuildBlocked, answer.Refusal?.Code);
        Assert.Contains(why, answer.Refusal?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Compose_SecondFile_OverridesTheFirst()
    {
        var plan = ComposeBuild
            .Read(
                [
                    ("a.yaml", "services: { web: { build: { context: a, target: one } } }"),
                    ("b.yaml", "services: { web: { build: { target: two } } }"),
                ],
                "web",
                "/p"
            )
            .Plan!;

        Assert.Equal(("/p/a", "two", "b.yaml"), (plan.Context, plan.Target, plan.Origin));
    }

    /// <summary>The cases of the engine's own pattern tests, and some of its documentation.</summary>
    [Theory]
    [InlineData("*.key", "a.key", true)]
    [InlineData("*.key", "sub/a.key", false)]
    [InlineData("**/*.key", "sub/deep/a.key", true)]
    [InlineData("**/*.key", "a.key", true)]
    [InlineData("*/temp*", "somedir/temporary.txt", true)]
    [InlineData("*/*/temp*", "somedir/subdir/temp", true)]
    [InlineData("temp?", "tempa", true)]
    [InlineData("temp?", "temp", false)]
    [InlineData("node_modules", "node_modules/a/b.js", true)]
    [InlineData("/docs/", "docs/a", true)]
    [InlineData("docs/../other", "other", true)]
    [InlineData("*\n!README.md", "README.md", false)]
    [InlineData("*.md\n!README*.md\nREADME-secret.md", "README-secret.md", true)]
    [InlineData("*.md\nREADME-secret.md\n!README*.md", "README-secret.md", false)]
    [InlineData("dir\n!dir/kept", "dir/kept/file", false)]
    [InlineData("dir\n!dir/kept", "dir/other", true)]
    [InlineData("a[b-d]e", "ace", true)]
    [InlineData("a[^b-d]e", "ace", false)]
    [InlineData("**", "anything/at/all", true)]
    [InlineData("dir/**", "dir/file", true)]
    [InlineData("dir/**", "dirfile", false)]
    [InlineData("**/dir2/*", "dir/dir2/file", true)]
    [InlineData("a\\*c", "a*c", true)]
    [InlineData("a\\*c", "abc", false)]
    [InlineData("# comment", "# comment", false)]
    [InlineData(".", "a", false)]
    [InlineData("a.b", "axb", false)]
    public void Ignore_Patterns_MatchLikeTheEngine(string lines, string path, bool ignored) =>
        Assert.Equal(ignored, DockerIgnore.Parse(lines.Split('\n')).Ignores(path));

    [Fact]
    public void RealPath_WithLinks_FollowsEachOfThem()
    {
        var folder = Directory.CreateTempSubdirectory("fleet-real-");
        try
        {
            var real = RealPath.Resolve(folder.FullName);
            Directory.CreateDirectory($"{real}/inside/deep");
            File.CreateSymbolicLink($"{real}/inside/out", "../../..");
            File.CreateSymbolicLink($"{real}/there", $"{real}/inside");
            File.CreateSymbolicLink($"{real}/round", "round");

            Assert.Equal($"{real}/inside/deep", RealPath.Resolve($"{real}/there/./deep/../deep"));
            Assert.False(RealPath.IsInside(RealPath.Resolve($"{real}/there/out"), real));
            Assert.True(RealPath.IsInside(RealPath.Resolve($"{real}/there/deep"), real));
            Assert.False(RealPath.IsInside(real + "-other", real));
            Assert.Throws<IOException>(() => RealPath.Resolve($"{real}/round/x"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Context_IncludesWhatTheEngineNeeds_AndNothingIgnored()
    {
        var folder = Directory.CreateTempSubdirectory("fleet-context-").FullName;
        try
        {
            foreach (var name in (string[])["Dockerfile", ".dockerignore", "a.txt", "skip/b.txt", "skip/kept/c.txt", "docker/Web"])
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
                File.WriteAllText(Path.Combine(folder, name), name == ".dockerignore" ? "*\n!a.txt\n!skip/kept\n" : "x");
            }

            using var context = new BuildContext(folder, "docker/Web", 1000);

            Assert.Equal(
                [".dockerignore", "a.txt", "docker/Web", "skip/kept", "skip/kept/c.txt"],
                context.Entries(folder, "").Select(entry => entry.Name)
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Context_WithAPipeAndALink_IsSentWithoutBlocking()
    {
        var folder = Directory.CreateTempSubdirectory("fleet-pipe-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "Dockerfile"), "FROM scratch");
            File.WriteAllText(Path.Combine(folder, "empty"), "");
            File.CreateSymbolicLink(Path.Combine(folder, "link"), "/etc/passwd");
            using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(folder, "pipe")]))
            {
                await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
            }

            using var context = new BuildContext(folder, "Dockerfile", 1000);
            using var tar = new MemoryStream();
            await context
                .CopyToAsync(tar, TestContext.Current.CancellationToken)
                .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

            tar.Position = 0;
            var sent = new List<string>();
            await using var reader = new System.Formats.Tar.TarReader(tar);
            while (await reader.GetNextEntryAsync(cancellationToken: TestContext.Current.CancellationToken) is { } entry)
            {
                sent.Add($"{entry.Name} {entry.EntryType} {entry.LinkName}".Trim());
            }

            Assert.Equal(["Dockerfile RegularFile", "empty RegularFile", "link SymbolicLink /etc/passwd", "pipe Fifo"], sent);
            Assert.Equal("FROM scratch".Length, context.Sent);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
