using System.Collections.Immutable;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Actions.Rebuild;
using FleetDashboard.Collector.Databases;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Collector.Metadata;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace FleetDashboard.Tests.Collector.Actions;

/// <summary>The guard's rulings are computed when their inputs change, and not with each sample.</summary>
public sealed class ActionRulingsTests
{
    private readonly Inventory _inventory = new(new StatsHistory(), new DatabaseSizes(), new ChangeHistory(TimeProvider.System));
    private readonly ActionRulings _rulings = Create(out _);

    public ActionRulingsTests()
    {
        _inventory.Put(Facts.Container("otter"), Facts.Now);
        _inventory.Put(Facts.Container("heron"), Facts.Now);
        _rulings.Judge(_inventory.GuardInputs);
    }

    [Fact]
    public void Samples_AndEventsAndDatabaseSizes_RecomputeNothing()
    {
        var id = Facts.Container("otter").Id;
        var before = _rulings.Judge(_inventory.GuardInputs);

        for (var round = 0; round < 100; round++)
        {
            var at = Facts.Now.AddSeconds(5 * round);
            _inventory.Sample([(id, new RawStats { ReadAt = at, CpuNanoseconds = (ulong)round })], TimeSpan.FromSeconds(5));
            _inventory.Observe(new EngineEvent(at, "container", "exec_start", id, null));
            _inventory.Measure(id, DatabaseReading.Failed(at, "password refused"));
            Assert.True(before == _rulings.Judge(_inventory.GuardInputs));
        }

        Assert.Equal(1, _rulings.Count);
    }

    [Fact]
    public void Inspection_File_TagAndRemoval_EachRecomputeOnce()
    {
        Action[] changes =
        [
            () => _inventory.Put(Facts.Container("otter") with { State = "exited" }, Facts.Now),
            () => _inventory.Apply(new FleetMetadata("fleet.yaml", FleetFileParser.Parse("apps: {}").File!, [])),
            () => _inventory.Apply(HostImages.None with { Tags = HostImages.None.Tags.Add("docker.io/acme/otter:1", "sha256:new") }),
            () => _inventory.GiveUp(Facts.Container("heron").Id, "no answer", Facts.Now),
            () => _inventory.Remove(Facts.Container("heron").Id),
        ];
        foreach (var change in changes)
        {
            var count = _rulings.Count;

            change();
            _rulings.Judge(_inventory.GuardInputs);
            _rulings.Judge(_inventory.GuardInputs);

            Assert.Equal(count + 1, _rulings.Count);
        }

        Assert.Equal(["otter"], _rulings.Judge(_inventory.GuardInputs).Select(target => target.Name));
    }

    [Fact]
    public async Task ComposeFile_ThatWasRead_RecomputesTheRulings()
    {
        var folder = Directory.CreateTempSubdirectory("fleet-rulings-");
        var file = Path.Combine(folder.FullName, "compose.yaml");
        await File.WriteAllTextAsync(file, "services: {web: {build: .}}", TestContext.Current.CancellationToken);
        var rulings = Create(out var compose, folder.FullName);
        var built = Facts.Container("web") with
        {
            Labels = Facts
                .Container("web")
                .Labels.SetItem("com.docker.compose.project.config_files", file)
                .SetItem("com.docker.compose.project.working_dir", folder.FullName)
                .SetItem("com.docker.compose.service", "web"),
        };
        _inventory.Put(built, Facts.Now);
        Assert.Null(rulings.Judge(_inventory.GuardInputs).Single(target => target.Id == built.Id).Build);

        await compose.StartAsync(TestContext.Current.CancellationToken);

        var target = await Eventually.GetAsync(
            _ => Task.FromResult(rulings.Judge(_inventory.GuardInputs).Single(target => target.Id == built.Id)),
            target => target.Build is not null
        );
        Assert.Equal((folder.FullName, 2), (target.Build!.Context, rulings.Count));
        await compose.StopAsync(TestContext.Current.CancellationToken);
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("1", null, true)]
    [InlineData("2", null, false)]
    [InlineData("1", "no file", false)]
    public void BuildAnswer_ReadAgain_IsComparedByItsContent(string argument, string? why, bool same)
    {
        var first = Answer("1", null);

        Assert.Equal(same, first.Says(Answer(argument, why)));

        static BuildAnswer Answer(string argument, string? why) =>
            why is not null
                ? BuildAnswer.Blocked(why)
                : new BuildAnswer(
                    new BuildPlan(
                        "/src",
                        null,
                        ImmutableSortedDictionary<string, string>.Empty.Add("VERSION", argument),
                        null,
                        ImmutableSortedDictionary<string, string>.Empty.Add("team", "shop"),
                        "compose.yaml"
                    ),
                    null
                );
    }

    private static ActionRulings Create(out ComposeBuilds compose, params string[] buildRoots)
    {
        var options = Options.Create(new ActionOptions { BuildRoots = [.. buildRoots] });
        var roots = new BuildRoots(options);
        compose = new ComposeBuilds(roots, TimeProvider.System, NullLogger<ComposeBuilds>.Instance);
        return new ActionRulings(
            new OwnContainer("", "", ""),
            new BuildSources(roots, compose, Options.Create(new MetadataOptions())),
            RealActions.List,
            options
        );
    }
}
