using System.Text;
using System.Text.Json;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FleetDashboard.Tests.Collector.Actions;

/// <summary>The small pure parts of acting.</summary>
public sealed class ActionPartsTests
{
    private const string Id = "8a0f1b6c3d2e4f5061728394a5b6c7d8e9f00112233445566778899aabbccdde";

    [Fact]
    public void Order_FollowsDependenciesAndElseTheTimeOfStart()
    {
        var targets = new[]
        {
            Target("web", 1, "api:service_started:true,cache:service_healthy:false"),
            Target("api", 2, "cache:service_started:true,db:service_healthy:false"),
            Target("cache", 4),
            Target("jobs", 3),
        };

        Assert.Equal(["jobs", "cache", "api", "web"], StartOrder.Sort(targets).Select(target => target.Name));
    }

    [Fact]
    public void Order_KeepsDependenciesThatLeadThroughAThirdContainer()
    {
        // The order of the whole app: api is refused an action, and web still waits for the cache behind it.
        var targets = new[] { Target("web", 1, "api:x:y"), Target("api", 2, "cache:x:y"), Target("cache", 3) };

        Assert.Equal(
            ["cache", "web"],
            StartOrder.Sort(targets).Select(target => target.Name).Where(name => name.Contains("api", StringComparison.Ordinal) == false)
        );
    }

    [Fact]
    public void Order_OfAThousandContainers_IsQuick()
    {
        var targets = Enumerable.Range(0, 2_000).Select(i => Target($"s{i}", i, i == 0 ? "" : $"s{i - 1}:x:y")).Reverse().ToList();

        Assert.Equal(Enumerable.Range(0, 2_000).Select(i => $"s{i}"), StartOrder.Sort(targets).Select(target => target.Name));
    }

    [Fact]
    public void Order_OfACircle_TakesEachOnce()
    {
        var targets = new[] { Target("a", 1, "b:x:y"), Target("b", 2, "a:x:y"), Target("c", 3, "c:x:y") };

        Assert.Equal(["c", "a", "b"], StartOrder.Sort(targets).Select(target => target.Name));
    }

    [Theory]
    [InlineData("web", "docker.io", "web", "latest")]
    [InlineData("acme/web:3", "docker.io", "acme/web", "3")]
    [InlineData("localhost/web", "localhost", "localhost/web", "latest")]
    [InlineData("registry.example:5000/acme/web", "registry.example:5000", "registry.example:5000/acme/web", "latest")]
    [InlineData("ghcr.io/acme/web:v1.2", "ghcr.io", "ghcr.io/acme/web", "v1.2")]
    public void Reference_IsReadAsTheEngineReadsIt(string image, string registry, string name, string tag)
    {
        var reference = ImageReference.Parse(Facts.Container("x") with { Image = image });

        Assert.Equal((registry, name, tag), (reference!.Registry, reference.Name, reference.Tag));
    }

    [Theory]
    [InlineData($"701 652 0:37 /var/lib/docker/containers/{Id}/hostname /etc/hostname rw - ext4 /dev/sda1 rw", "", "", true)]
    [InlineData("", $"12:pids:/docker/{Id}\n1:name=systemd:/docker/{Id}", "", true)]
    [InlineData("", $"0::/system.slice/docker-{Id}.scope", "", true)]
    [InlineData("", "0::/", "8a0f1b6c3d2e", true)]
    [InlineData("", "0::/user.slice/user-1000.slice", "workstation", false)]
    [InlineData($"36 35 0:30 / /var/lib/docker/containers/{Id}/mounts/shm rw - tmpfs shm rw", "0::/init.scope", "host", false)]
    public void OwnContainer_IsKnownByWhatTheKernelTells(string mounts, string cgroups, string host, bool isIt) =>
        Assert.Equal(isIt, new OwnContainer(mounts, cgroups, host).Is(Id));

    [Fact]
    public void Lines_AreBoundedAndSayWhatIsGone()
    {
        var lines = new JobLines();
        for (var i = 0; i < JobLines.MaxLines + 5; i++)
        {
            lines.Add(new JobLine(Facts.Now, "web", $"line {i}\u001b[31m"));
        }

        var (all, next) = lines.From(0);
        var (rest, _) = lines.From(next - 1);

        Assert.Equal(JobLines.MaxLines + 1, all.Length);
        Assert.Equal("… 5 earlier lines are no longer kept", all[0].Text);
        Assert.Equal($"line {JobLines.MaxLines + 4} [31m", Assert.Single(rest).Text);
        Assert.Empty(lines.From(next).Lines);
    }

    [Fact]
    public void Lines_LongOnes_AreBoundedInSizeToo()
    {
        var lines = new JobLines();
        for (var i = 0; i < 1_000; i++)
        {
            lines.Add(new JobLine(Facts.Now, "web", new string('x', 10_000)));
        }

        Assert.InRange(lines.From(0).Lines.Sum(line => line.Text.Length), 1, JobLines.MaxCharacters + 100);
    }

    [Fact]
    public void Pull_StreamOfLayers_BecomesLinesWithoutRepetitionAndAShare()
    {
        var told = new Told();
        var progress = new PullProgress(told);
        foreach (
            var message in Messages(
                """{"status":"Pulling from acme/web","id":"3"}""",
                """{"status":"Pulling fs layer","progressDetail":{},"id":"aa"}""",
                """{"status":"Already exists","progressDetail":{},"id":"bb"}""",
                """{"status":"Downloading","progressDetail":{"current":50,"total":100},"id":"aa"}""",
                """{"status":"Downloading","progressDetail":{"current":100,"total":100},"id":"aa"}""",
                """{"status":"Pull complete","progressDetail":{},"id":"aa"}""",
                """{"status":"Status: Downloaded newer image for acme/web:3"}"""
            )
        )
        {
            progress.Apply(message);
        }

        Assert.Null(progress.Error);
        Assert.Equal(
            [
                "3: Pulling from acme/web",
                "aa: Pulling fs layer",
                "bb: Already exists",
                "aa: Downloading",
                "aa: Pull complete",
                "Status: Downloaded newer image for acme/web:3",
            ],
            told.Lines
        );
        Assert.Equal([0, 0.5, 0.7, 0.9, 1], told.Shares.Select(share => Math.Round(share ?? -1, 2)));
    }

    [Fact]
    public void Pull_ErrorInTheMiddle_IsNotForgotten()
    {
        var progress = new PullProgress(new Told());
        foreach (
            var message in Messages(
                """{"errorDetail":{"message":"no space left"},"error":"no space left"}""",
                """{"status":"Status: fine"}"""
            )
        )
        {
            progress.Apply(message);
        }

        Assert.Equal("no space left", progress.Error);
    }

    [Theory]
    [InlineData(
        """{"auths":{"registry.example:5000":{"auth":"am9lOnMzY3JldDp4"}}}""",
        "registry.example:5000",
        """{"username":"joe","password":"s3cret:x","serveraddress":"registry.example:5000"}""",
        null
    )]
    [InlineData(
        """{"auths":{"https://index.docker.io/v1/":{"auth":"am9lOnMzY3JldA=="}}}""",
        "docker.io",
        """{"username":"joe","password":"s3cret","serveraddress":"https://index.docker.io/v1/"}""",
        null
    )]
    [InlineData(
        """{"auths":{"https://ghcr.io/v2/":{"username":"joe","password":"p"}}}""",
        "ghcr.io",
        """{"username":"joe","password":"p","serveraddress":"ghcr.io"}""",
        null
    )]
    [InlineData(
        """{"auths":{"acr.example":{"auth":"MDA6","identitytoken":"tok"}}}""",
        "acr.example",
        """{"username":"00","identitytoken":"tok","serveraddress":"acr.example"}""",
        null
    )]
    [InlineData("""{"auths":{"ghcr.io":{"auth":"am9lOnA="}}}""", "ghcr.io.evil.example", null, null)]
    [InlineData(
        """{"auths":{"ghcr.io":{}},"credsStore":"desktop"}""",
        "ghcr.io",
        null,
        "docker-credential-desktop, which the Collector cannot run"
    )]
    [InlineData("""{"credHelpers":{"gcr.io":"gcloud"}}""", "gcr.io", null, "docker-credential-gcloud")]
    [InlineData("""{"credHelpers":{"gcr.io":"gcloud"}}""", "ghcr.io", null, null)]
    public void Credentials_AreThoseOfTheRegistryAlone(string config, string registry, string? sent, string? remark)
    {
        var access = RegistryCredentials.Choose(JsonSerializer.Deserialize(config, RegistryJson.Default.RegistryConfig)!, registry);

        Assert.Equal(
            sent,
            access.Header is null
                ? null
                : Encoding.UTF8.GetString(Convert.FromBase64String(access.Header.Replace('-', '+').Replace('_', '/')))
        );
        Assert.Equal(remark is null, access.Remark is null);
        Assert.Contains(remark ?? "", access.Remark ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", access.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Attempts_BeyondTheLimit_WaitUntilTheBucketRefills()
    {
        var time = new FakeTimeProvider(Facts.Now);
        var limits = new AttemptLimits(2, time);

        Assert.Equal((null, null), (limits.Acquire("ann"), limits.Acquire("ann")));
        Assert.Equal(TimeSpan.FromSeconds(30), limits.Acquire("ann"));
        Assert.Null(limits.Acquire("bob"));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(limits.Acquire("ann"));
    }

    [Fact]
    public void Token_ActsOnce()
    {
        var time = new FakeTimeProvider(Facts.Now);
        var spent = new UsedTokenIds(time);

        Assert.Null(spent.Spend("one", Facts.Now, Facts.Now.AddMinutes(1)));
        Assert.Contains("was already used", spent.Spend("one", Facts.Now, Facts.Now.AddMinutes(1)), StringComparison.Ordinal);
        Assert.Contains("no jti", spent.Spend(null, Facts.Now, Facts.Now.AddMinutes(1)), StringComparison.Ordinal);
        Assert.Contains(
            "issued before this Collector started",
            spent.Spend("two", Facts.Now.AddSeconds(-5), Facts.Now.AddMinutes(1)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Token_IsRememberedForAsLongAsItIsAccepted()
    {
        var time = new FakeTimeProvider(Facts.Now);
        var spent = new UsedTokenIds(time);
        for (var i = 0; i < 100_000; i++)
        {
            Assert.Null(spent.Spend($"token {i}", Facts.Now, Facts.Now.AddMinutes(1)));
        }

        time.Advance(TimeSpan.FromSeconds(60 + CollectorToken.ClockSkewSeconds - 1));

        Assert.Contains("Too many tokens", spent.Spend("another", Facts.Now, Facts.Now.AddMinutes(2)), StringComparison.Ordinal);
        Assert.Contains("Too many tokens", spent.Spend("token 0", Facts.Now, Facts.Now.AddMinutes(1)), StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(spent.Spend("another", Facts.Now, Facts.Now.AddMinutes(2)));
    }

    private static IEnumerable<PullMessage> Messages(params string[] lines) =>
        lines.Select(line => JsonSerializer.Deserialize(line, ImagesJson.Default.PullMessage)!);

    private static ActionTarget Target(string service, int startedAt, string dependsOn = "") =>
        new(
            Facts.Container(service, ("com.docker.compose.service", service), ("com.docker.compose.depends_on", dependsOn)) with
            {
                StartedAt = Facts.Now.AddSeconds(startedAt),
            },
            "shop",
            new GuardRuling(null, [], [])
        );

    private sealed class Told : IJobProgress
    {
        public List<string> Lines { get; } = [];

        public List<double?> Shares { get; } = [];

        public void Line(string text) => Lines.Add(text);

        public void Step(string sentence, double? done = null) => Shares.Add(done);
    }
}
