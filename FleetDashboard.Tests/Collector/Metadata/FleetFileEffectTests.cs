using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Actions.Rebuild;
using FleetDashboard.Collector.Databases;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Collector.Metadata;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace FleetDashboard.Tests.Collector.Metadata;

/// <summary>What the file does to the snapshot.</summary>
public sealed class FleetFileEffectTests
{
    private static readonly ContainerFacts[] Fleet =
    [
        Compose("billing-web-1", "billing") with
        {
            Ports = [new("127.0.0.1", 18081, "tcp", 80), new("0.0.0.0", 18080, "tcp", 80), new("::", 18080, "tcp", 80)],
        },
        (
            Compose("billing-ledger-1", "billing") with
            {
                State = "exited",
                FinishedAt = Facts.Now,
                Ports = [new("0.0.0.0", 18085, "udp", 85)],
            }
        ).On("billing_default"),
        Compose("wiki-web-1", "wiki") with
        {
            Ports = [new("0.0.0.0", 18082, "tcp", 80)],
        },
        Facts.Container("nightly-job"),
        Facts.Container("other-job"),
    ];

    [Fact]
    public void File_ComesFirst_OfAllThatMakesAnApp()
    {
        var fleet = Snapshot(
            """
            apps:
              accounts: { title: Accounts, icon: A, owner: Ann, link: "http://accounts/",
                runbook: "http://wiki/accounts", containers: billing-ledger-? }
              jobs: { containers: ["*-job"] }
              wiki: { title: The Wiki }
            """
        );

        Assert.Equal(
            [
                ("accounts", "Accounts", AppOrigin.File),
                ("billing", "billing", AppOrigin.Compose),
                ("jobs", "jobs", AppOrigin.File),
                ("wiki", "The Wiki", AppOrigin.Compose),
            ],
            fleet.Apps.OrderBy(app => app.Name).Select(app => (app.Name, app.Title, app.Origin))
        );
        var accounts = App(fleet, "accounts");
        Assert.Equal(
            ("A", "Ann", "http://accounts/", "http://wiki/accounts"),
            (accounts.Icon, accounts.Owner, accounts.Link, accounts.Runbook)
        );
        Assert.Equal(["nightly-job", "other-job"], App(fleet, "jobs").Containers.Select(container => container.Name));
        Assert.Empty(fleet.Warnings);
    }

    [Fact]
    public void Claim_OnPartOfAnAppOfTheSameName_KeepsItTogether() =>
        Assert.Equal(
            (2, AppOrigin.File),
            App(Snapshot("apps: { billing: { containers: billing-web-* } }"), "billing") is var app
                ? (app.Containers.Length, app.Origin)
                : default
        );

    [Fact]
    public void Patterns_ThatClaimNothingOrTooMuch_AreWarnings()
    {
        var fleet = Snapshot(
            """
            apps:
              wikki:
                title: The Wiki
              shop:
                containers: shop-*
              jobs:
                containers:
                - "*-job"
                - backup-*
                protected: jobs-x
              all:
                containers: "*"
            protected: vault-*
            """
        );

        Assert.Equal(
            [
                "fleet.yaml line 2: app 'wikki' is the name of no app; "
                    + "give it patterns under containers, or the name of a Compose project.",
                "fleet.yaml line 4: app 'shop' has no container: its patterns claim none.",
                "fleet.yaml line 9: pattern 'backup-*' of app 'jobs' claims no container.",
                "fleet.yaml line 10: pattern 'jobs-x' protects no container of app 'jobs'.",
                "fleet.yaml line 12: pattern '*' of app 'all' also claims 'nightly-job' and 1 more, which app 'jobs' has by line 8: the "
                    + "first one in the file counts.",
                "fleet.yaml line 13: pattern 'vault-*' protects no container.",
            ],
            fleet.Warnings
        );
        Assert.Equal(["all", "jobs"], fleet.Apps.Select(app => app.Name).Order());
    }

    [Fact]
    public void NameOfNoApp_ThatIsNearlyOne_SaysWhich() =>
        Assert.EndsWith(
            "or the name of a Compose project; did you mean 'billing'?",
            Assert.Single(Snapshot("apps: { biling: }").Warnings),
            StringComparison.Ordinal
        );

    [Fact]
    public void Warnings_AreManyButNotEndless()
    {
        var fleet = Snapshot("protected:\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"- x{i}\n")));

        Assert.Equal(FileWarnings.Most + 1, fleet.Warnings.Length);
        Assert.Equal("fleet.yaml: 170 more warnings like these.", fleet.Warnings[^1]);
    }

    [Fact]
    public void ExpectedPorts_AreComparedWithWhatIsPublished()
    {
        var fleet = Snapshot(
            """
            apps:
              billing:
                ports:
                - 18080
                - 127.0.0.1:18081
                - 127.0.0.1:18080
                - 18085/udp
                - 18082
                - 18099
            """
        );

        Assert.Equal(
            [
                ("18080", true, null, 4),
                ("127.0.0.1:18081", true, null, 5),
                ("127.0.0.1:18080", false, "billing-web-1 publishes it on 0.0.0.0", 6),
                ("18085", false, "billing-ledger-1 is exited", 7),
                ("18082", false, "wiki-web-1 of app wiki has it", 8),
                ("18099", false, "nobody does", 9),
            ],
            App(fleet, "billing")
                .ExpectedPorts.Select(port =>
                    ((port.Address is null ? "" : port.Address + ":") + port.Port, port.Served, port.Note, port.Line)
                )
        );
        Assert.Equal(
            [
                "fleet.yaml line 6: app 'billing' should serve 127.0.0.1:18080/tcp: billing-web-1 publishes it on 0.0.0.0.",
                "fleet.yaml line 8: app 'billing' should serve 18082/tcp: wiki-web-1 of app wiki has it.",
                "fleet.yaml line 9: app 'billing' should serve 18099/tcp: nobody does.",
            ],
            fleet.Warnings
        );
    }

    [Fact]
    public void ExpectedPort_OnTheHostsOwnNetwork_CannotBeSeenAndIsNoWarning()
    {
        var fleet = Assemble("apps: { edge: { ports: 443 } }", Compose("edge-1", "edge") with { NetworkMode = "host" });

        Assert.Equal("cannot be seen: edge-1 uses the host's network", Assert.Single(App(fleet, "edge").ExpectedPorts).Note);
        Assert.Empty(fleet.Warnings);
    }

    [Fact]
    public void ExpectedSubnet_IsComparedWithTheAppsNetworks()
    {
        var fleet = Snapshot("apps: { billing: { subnet: [172.31.8.0/24, 10.9.0.0/16] }, wiki: { subnet: 10.1.0.0/16 } }");

        Assert.Equal(
            [("172.31.8.0/24", "billing_default"), ("10.9.0.0/16", null)],
            App(fleet, "billing").ExpectedSubnets.Select(subnet => (subnet.Subnet, subnet.Network))
        );
        Assert.Equal(
            [
                "fleet.yaml line 1: app 'wiki' should be on 10.1.0.0/16: its networks have no subnet.",
                "fleet.yaml line 1: app 'billing' should be on 10.9.0.0/16: it is on 172.31.8.0/24 (billing_default).",
            ],
            fleet.Warnings.OrderDescending(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Protected_SaysWhichLine()
    {
        var fleet = Snapshot("protected: nightly-*\napps:\n  billing:\n    protected: '*-web-1'\n");
        var containers = fleet.Apps.SelectMany(app => app.Containers).ToDictionary(container => container.Name);

        Assert.Equal(
            (true, "protected by fleet.yaml line 1"),
            (containers["nightly-job"].Protected, containers["nightly-job"].ProtectedReason)
        );
        Assert.Equal(
            (true, "protected by fleet.yaml line 4"),
            (containers["billing-web-1"].Protected, containers["billing-web-1"].ProtectedReason)
        );
        Assert.False(containers["wiki-web-1"].Protected);
    }

    [Fact]
    public void Thresholds_AreTheApps()
    {
        var own = new Thresholds(Memory: 0.5, Cpu: null, Throttled: 0.7, Samples: 3);

        Assert.Equal((true, false), (Raised(Thresholds.None, 0.95, 2).Memory.Raised, Raised(Thresholds.None, 0.6, 9).Memory.Raised));
        Assert.Equal((false, true), (Raised(own, 0.6, 2).Memory.Raised, Raised(own, 0.6, 3).Memory.Raised));
        Assert.Equal((true, true), (Raised(Thresholds.None, 0, 2, 0.6).Cpu.Raised, Raised(Thresholds.None, 0, 2, 0.6).Throttled.Raised));
        Assert.Equal((false, false), (Raised(own, 0, 9, 0.6).Cpu.Raised, Raised(own, 0, 9, 0.6).Throttled.Raised));

        static Alarms Raised(Thresholds thresholds, double memory, int samples, double? throttled = null) =>
            Enumerable
                .Range(0, samples)
                .Aggregate(default(Alarms), (alarms, i) => alarms.Observe(memory, null, throttled, Facts.Now.AddSeconds(i), thresholds));
    }

    [Fact]
    public void Fleet_NotYetKnown_IsNotComparedWithTheFile() => Assert.Empty(Assemble("apps: { wiki: }").Warnings);

    private static ContainerFacts Compose(string name, string project) => Facts.Container(name, ("com.docker.compose.project", project));

    private static AppSnapshot App(FleetSnapshot fleet, string name) => fleet.Apps.Single(app => app.Name == name);

    private static FleetSnapshot Snapshot(string yaml) => Assemble(yaml, Fleet);

    private static BuildSources Sources
    {
        get
        {
            var roots = new BuildRoots(Options.Create(new ActionOptions()));
            return new BuildSources(
                roots,
                new ComposeBuilds(roots, TimeProvider.System, NullLogger<ComposeBuilds>.Instance),
                Options.Create(new MetadataOptions())
            );
        }
    }

    private static FleetSnapshot Assemble(string yaml, params ContainerFacts[] containers)
    {
        var reading = FleetFileParser.Parse(yaml);
        Assert.Empty(reading.Errors);
        var (history, databases) = (new StatsHistory(), new DatabaseSizes());
        var inventory = new Inventory(history, databases, new ChangeHistory(TimeProvider.System))
        {
            Networks = [new NetworkFacts("id-of-billing_default", "billing_default", "bridge", false, [("172.31.8.0/24", null)])],
        };
        foreach (var container in containers)
        {
            inventory.Put(container, Facts.Now);
        }

        inventory.Apply(new FleetMetadata("fleet.yaml", reading.File!, []));
        var rulings = new ActionRulings(new OwnContainer("", "", ""), Sources, RealActions.List, Options.Create(new ActionOptions()));
        return new SnapshotAssembler(history, databases).Assemble(
            inventory,
            rulings.Judge(inventory.GuardInputs),
            new SnapshotMoment(1, Facts.Now, Facts.Now, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5), null, null, [])
        );
    }
}
