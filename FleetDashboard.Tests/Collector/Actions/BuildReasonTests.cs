using System.Collections.Immutable;
using System.Text.Json;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Actions.Rebuild;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Metadata;
using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Actions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace FleetDashboard.Tests.Collector.Actions;

/// <summary>Whatever prevents a rebuild, the page shows the guard's own reason.</summary>
public sealed class BuildReasonTests : IDisposable
{
    private static readonly ContainerFacts Web = Facts.Container("shop-web-1", ("com.docker.compose.project", "shop"));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fleet-build-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Causes =>
        new()
        {
            { "no roots", "no folder is allowed as a build source; set Actions:BuildRoots" },
            { "an image by id", "it was created from an image id or digest" },
            { "several images", "add 'service'" },
            { "not read yet", "its Compose file has not been read yet" },
            { "many files", "more than 20 Compose files" },
            { "outside", "is outside the folders in Actions:BuildRoots" },
            { "missing", "does not exist or is empty" },
            { "a pipe", "its Compose file cannot be used" },
            { "no YAML", "is not valid YAML" },
            { "image only", "its Compose file has no build section for it" },
            { "secrets", "'secrets', which only Compose supports" },
            { "a URL", "which is not a folder" },
            { "a variable", "takes its value from Compose's environment" },
            { "no path", "a build context that is not a valid path" },
            { "no compose file", "neither fleet.yaml nor a Compose file defines a build for it" },
        };

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Causes))]
    public async Task Page_ShowsTheGuardsReason(string cause, string words)
    {
        var refusal = (await FindAsync(cause)).Refusal!;
        var ruling = ActionGuard.Judge(new GuardCase(Web, "web") { WhyNotBuilt = refusal }, RealActions.List);
        var told = ruling.Against(ActionNames.Rebuild)!;

        Assert.Contains(words, told.Reason, StringComparison.Ordinal);
        Assert.Equal(cause == "no compose file" ? RefusalCodes.NoBuildSource : RefusalCodes.BuildBlocked, told.Code);
        Assert.Equal(told.Reason, OnThePage(ruling, alone: true));
        Assert.Equal(told.Reason, OnThePage(ruling, alone: false));
    }

    // Alone the refusal is the usual one and travels in the header; beside two other containers it travels with its container.
    private static string OnThePage(GuardRuling ruling, bool alone)
    {
        var other = ActionGuard.Judge(new GuardCase(Web, "web"), RealActions.List);
        ImmutableArray<ActionTarget> targets =
        [
            new(Web, "shop", ruling),
            .. alone
                ? Array.Empty<ActionTarget>()
                : [new(Facts.Container("shop-a-1"), "shop", other), new(Facts.Container("shop-b-1"), "shop", other)],
        ];
        var usual = UsualRefusals.Find(targets);
        var containers = targets.Select(target => ContainerSnapshots.Create(target, null, HealthColor.Green, [], [], usual));
        var sent = Snapshots.Create([Snapshots.App("shop", [.. containers])]) with { UsualRefusals = usual };
        var received = Received.Clean(
            JsonSerializer.Deserialize(
                JsonSerializer.SerializeToUtf8Bytes(sent, ContractsJson.Default.FleetSnapshot),
                ContractsJson.Default.FleetSnapshot
            )!
        );

        var plan = ActionPlan.From(ActionRequest.New(ActionNames.Rebuild, Views.Collector, "shop", Web.Id), Views.From(received))!;

        return Assert.Single(plan.LeftOut).Reason;
    }

    private async Task<BuildAnswer> FindAsync(string cause) =>
        cause switch
        {
            "no roots" => Sources([]).Find(Web, "web", null, 1),
            "an image by id" => Sources([_folder.FullName]).Find(Web with { Image = "sha256:0123" }, "web", null, 1),
            "several images" => Sources([_folder.FullName])
                .Find(Web, "web", new RebuildSource(".", null, ImmutableSortedDictionary<string, string>.Empty, null, 4), 2),
            "no compose file" => Sources([_folder.FullName]).Find(Web, "web", null, 1),
            "not read yet" => Compose([_folder.FullName]).Find(Composed("compose.yaml")),
            "many files" => await ReadAsync(string.Join(',', Enumerable.Range(0, 30).Select(i => $"{i}.yaml"))),
            "outside" => await ReadAsync("/etc/hostname"),
            "missing" => await ReadAsync("compose.yaml"),
            "a pipe" => await ReadAsync("."),
            "no YAML" => Text("services:\n  web: ["),
            "image only" => Text("services: { web: { image: x } }"),
            "secrets" => Text("services: { web: { build: { secrets: [a] } } }"),
            "a URL" => Text("services: { web: { build: \"https://example.org/x.git\" } }"),
            "a variable" => Text("services: { web: { build: \"${SRC}\" } }"),
            "no path" => Text("services: { web: { build: \"a\\0b\" } }"),
            _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, null),
        };

    private static BuildAnswer Text(string yaml) => ComposeBuild.Read([("compose.yaml", yaml)], "web", "/p");

    private async Task<BuildAnswer> ReadAsync(string files)
    {
        var compose = Compose([_folder.FullName]);
        compose.Find(Composed(files));
        await compose.ReadOnceAsync(Token);
        return compose.Find(Composed(files));
    }

    private ContainerFacts Composed(string files) =>
        Web with
        {
            Labels = Web
                .Labels.SetItem("com.docker.compose.project.config_files", files)
                .SetItem("com.docker.compose.project.working_dir", _folder.FullName)
                .SetItem("com.docker.compose.service", "web"),
        };

    private static ComposeBuilds Compose(List<string> roots) =>
        new(
            new BuildRoots(Options.Create(new ActionOptions { BuildRoots = roots })),
            TimeProvider.System,
            NullLogger<ComposeBuilds>.Instance
        );

    private static BuildSources Sources(List<string> roots) =>
        new(
            new BuildRoots(Options.Create(new ActionOptions { BuildRoots = roots })),
            Compose(roots),
            Options.Create(new MetadataOptions())
        );
}
