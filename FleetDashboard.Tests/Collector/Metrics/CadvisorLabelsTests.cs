using System.IO.Pipelines;
using System.Text;
using FleetDashboard.Collector.Engine;
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
    public async Task Labels_WhateverTheyHold_AreReadBackAsTheyWere()
    {
        var odd = new Dictionary<string, string>
        {
            ["quotes"] = "say \"hi\"",
            ["lines"] = "one\ntwo\\nthree\\",
            ["unicode"] = "größer ≥ 日本 🦆",
            ["long"] = new string('x', 10_000),
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
    public async Task Labels_TwoKeysComeToOneName_AreWrittenOnce()
    {
        var scrape = await RenderAsync(Facts.Container("a", ("a.b", "dot"), ("a-b", "dash")));

        Assert.Equal("dash", Assert.Single(scrape.Series)["container_label_a_b"]);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(scrape.Text, "container_label_a_b="));
    }

    [Theory]
    [InlineData("cgroupfs", "", "/docker/{0}")]
    [InlineData("cgroupfs", "/teams/one", "/teams/one/{0}")]
    [InlineData("systemd", "", "/system.slice/docker-{0}.scope")]
    [InlineData("systemd", "teams-one.slice", "/teams.slice/teams-one.slice/docker-{0}.scope")]
    public void Id_IsThePathOfTheCgroup(string driver, string parent, string path) =>
        Assert.Equal(string.Format(null, path, "abc"), new ContainerSpec { CgroupParent = parent }.CgroupPath("abc", driver));

    private static async Task<Scrape> RenderAsync(params ContainerFacts[] containers)
    {
        var state = new ScrapeState(null, [.. containers.Select(facts => new ScrapedContainer(facts, null, 0))]);
        var labels = new ContainerLabels(state);
        using var text = new MemoryStream();
        var writer = PipeWriter.Create(text, new StreamPipeWriterOptions(leaveOpen: true));
        var output = new Exposition(writer, openMetrics: false);
        output.Family("container_threads", MetricKind.Gauge, "Threads.");
        foreach (var container in state.Containers)
        {
            output.Sample(labels.Of(container), 1, at: null);
        }

        await output.EndAsync(Token);
        return new Scrape("", null, Encoding.UTF8.GetString(text.ToArray()));
    }
}
