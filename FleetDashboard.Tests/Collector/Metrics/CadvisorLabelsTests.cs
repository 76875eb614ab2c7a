using System.IO.Pipelines;
using System.Text;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Metrics;
using FleetDashboard.Collector.Metrics.Cadvisor;
using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Metrics;
using Xunit;

namespace FleetDashboard.Tests.Collector.Metrics;

public sealed class CadvisorLabelsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Labels_WithAnyCharacters_AreParsedToTheSameValues()
    {
        var odd = new Dictionary<string, string>
        {
            ["quotes"] = "say \"hi\"",
            ["lines"] = "one\ntwo\\nthree\\",
            ["unicode"] = "größer ≥ 日本 🦆",
            ["long"] = new string('x', MetricLabel.MaxBytes),
            ["comma"] = "a=\"b\",c=\"d\"} 1 2",
        };
        var scrape = await RenderAsync(Facts.Container("odd", [.. odd.Select(label => (label.Key, label.Value))]));

        var labels = Assert.Single(scrape.Series).Labels;

        Assert.All(odd, label => Assert.Equal(label.Value, labels["container_label_" + label.Key]));
        Assert.Empty(await scrape.CheckAsync(Token));
    }

    [Fact]
    public async Task Labels_OfSeveralContainers_AreTheUnionOfTheirNames()
    {
        var scrape = await RenderAsync(Facts.Container("a", ("com.docker.compose.service", "web")), Facts.Container("b", ("owner", "me")));

        string[] all = ["container_label_com_docker_compose_service", "container_label_owner", "id", "image", "name"];
        Assert.All(scrape.Series, series => Assert.Equal(all, series.Labels.Keys.Order(StringComparer.Ordinal)));
        Assert.Equal(["web", ""], scrape.Series.Select(series => series["container_label_com_docker_compose_service"]));
    }

    [Fact]
    public async Task Labels_OfTwoKeysWithTheSameName_AreWrittenOnce()
    {
        var scrape = await RenderAsync(Facts.Container("a", ("a.b", "dot"), ("a-b", "dash")));

        Assert.Equal("dash", Assert.Single(scrape.Series)["container_label_a_b"]);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(scrape.Text, "container_label_a_b="));
    }

    [Theory]
    [InlineData("", "com_docker_compose_project fleet_app")]
    [InlineData("traefik.enable", "traefik_enable")]
    [InlineData("com.docker.*", "com_docker_compose_config_files com_docker_compose_project")]
    [InlineData("*", "com_docker_compose_config_files com_docker_compose_project fleet_app traefik_enable traefik_http_auth_users")]
    public async Task Labels_NotListed_AreNotExposed(string patterns, string exposed)
    {
        var scrape = await RenderAsync(
            patterns,
            Facts.Container(
                "a",
                ("com.docker.compose.project", "shop"),
                ("com.docker.compose.config_files", "/srv/shop/compose.yaml"),
                ("fleet.app", "shop"),
                ("traefik.enable", "true"),
                ("traefik.http.auth.users", "ann:$apr1$x")
            )
        );

        Assert.Equal(
            exposed.Split(' '),
            Assert
                .Single(scrape.Series)
                .Labels.Keys.Where(name => name.StartsWith("container_label_", StringComparison.Ordinal))
                .Select(name => name["container_label_".Length..])
                .Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("*")]
    [InlineData("z.wanted, *")]
    public async Task Labels_ByTheThousand_AreBounded(string patterns)
    {
        var scrape = await RenderAsync(
            patterns,
            Facts.Container("hostile", [.. Enumerable.Range(0, 10_000).Select(i => ($"a.{i}", new string('v', 5000)))]),
            Facts.Container("ordinary", ("z.wanted", "yes"))
        );

        Assert.All(scrape.Series, series => Assert.InRange(series.Labels.Count, 4, ContainerLabels.MaxNames + 3));
        Assert.All(
            scrape.Series.SelectMany(series => series.Labels.Values),
            value => Assert.InRange(Encoding.UTF8.GetByteCount(value), 0, MetricLabel.MaxBytes)
        );
        Assert.Equal(patterns != "*", scrape.Series[^1].Labels.ContainsKey("container_label_z_wanted"));
    }

    [Theory]
    [InlineData("ä")]
    [InlineData("日")]
    [InlineData("🦆")]
    public void Value_ThatIsLong_IsCutAtACharacterAndStaysUnique(string letter)
    {
        var (one, other) = (string.Concat(Enumerable.Repeat(letter, 400)), string.Concat(Enumerable.Repeat(letter, 401)));

        Assert.InRange(Encoding.UTF8.GetByteCount(MetricLabel.Bounded(one)), MetricLabel.MaxBytes - 4, MetricLabel.MaxBytes);
        Assert.NotEqual(MetricLabel.Bounded(one), MetricLabel.Bounded(other));
        Assert.DoesNotContain('\uFFFD', MetricLabel.Bounded(one));
        Assert.Equal("short", MetricLabel.Bounded("short"));
    }

    [Theory]
    [InlineData("127.0.0.1:5081", "", true)]
    [InlineData("[::1]:5081", "", true)]
    [InlineData("localhost:5081", "", true)]
    [InlineData("collector:8080", "", true)]
    [InlineData("rebound.evil.example:5081", "", false)]
    [InlineData("127.0.0.1.evil.example", "", false)]
    [InlineData("nas.home", "nas.home", true)]
    [InlineData("a.nas.home", "*.nas.home", true)]
    [InlineData("nas.home.evil.example", "nas.home;*.nas.home", false)]
    [InlineData("anything.example", "*", true)]
    public void Host_WithoutAToken_IsIncludedByItsName(string host, string allowed, bool included) =>
        Assert.Equal(included, OpenHosts.Include(new Microsoft.AspNetCore.Http.HostString(host), OpenHosts.Read(allowed)));

    [Theory]
    [InlineData("cgroupfs", "", "/docker/{0}")]
    [InlineData("cgroupfs", "/teams/one", "/teams/one/{0}")]
    [InlineData("systemd", "", "/system.slice/docker-{0}.scope")]
    [InlineData("systemd", "teams-one.slice", "/teams.slice/teams-one.slice/docker-{0}.scope")]
    public void Id_IsThePathOfTheCgroup(string driver, string parent, string path) =>
        Assert.Equal(string.Format(null, path, "abc"), new ContainerSpec { CgroupParent = parent }.CgroupPath("abc", driver));

    private static Task<Scrape> RenderAsync(params ContainerFacts[] containers) => RenderAsync(MetricsOptions.Everything, containers);

    private static async Task<Scrape> RenderAsync(string patterns, params ContainerFacts[] containers)
    {
        var state = new ScrapeState(null, [.. containers.Select(facts => new ScrapedContainer(facts, null, 0))]);
        var labels = new ContainerLabels(state, new MetricsOptions { Labels = patterns }.LabelPatterns);
        using var text = new MemoryStream();
        var writer = PipeWriter.Create(text, new StreamPipeWriterOptions(leaveOpen: true));
        var output = new Exposition(writer, openMetrics: false);
        output.Family("container_threads", MetricKind.Gauge, "Threads.");
        foreach (var container in state.Containers)
        {
            output.Sample(labels.Format(container), 1, at: null);
        }

        await output.EndAsync(Token);
        return new Scrape("", null, Encoding.UTF8.GetString(text.ToArray()));
    }
}
