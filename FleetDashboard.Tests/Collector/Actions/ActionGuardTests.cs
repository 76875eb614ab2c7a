using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Actions.Rebuild;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Actions;

/// <summary>Which action the guard permits for which container, and the reason where it refuses.</summary>
public sealed class ActionGuardTests
{
    private static readonly ContainerFacts Web = Facts.Container("shop-web-1") with { ImageId = "sha256:0123456789abcdef" };

    public static TheoryData<string, string, string, string> Refusals =>
        new()
        {
            // Container, action, code, part of the reason.
            { "postgres image", ActionNames.Pull, RefusalCodes.Database, "PostgreSQL database, by its image" },
            { "postgres image", ActionNames.Restart, RefusalCodes.Database, "PostgreSQL" },
            { "clickhouse image", ActionNames.Restart, RefusalCodes.Database, "ClickHouse" },
            { "built from redis", ActionNames.Restart, RefusalCodes.Database, "image's label org.opencontainers.image.base.name" },
            { "runs mongod", ActionNames.Restart, RefusalCodes.Database, "MongoDB database, by what runs in it" },
            { "called a backup tool, runs postgres", ActionNames.Restart, RefusalCodes.Database, "by what runs in it" },
            { "called db", ActionNames.Restart, RefusalCodes.Database, "by its name" },
            { "labelled database", ActionNames.Restart, RefusalCodes.Database, "fleet.database" },
            { "labelled protected", ActionNames.Restart, RefusalCodes.Label, "fleet.protected" },
            { "labelled collector", ActionNames.Restart, RefusalCodes.Self, "fleet.role" },
            { "itself", ActionNames.Update, RefusalCodes.Self, "Collector itself" },
            { "in the file", ActionNames.Restart, RefusalCodes.File, "fleet.yaml line 4" },
            { "swarm task", ActionNames.Restart, RefusalCodes.Swarm, "docker service update" },
            { "being removed", ActionNames.Restart, RefusalCodes.Removing, "removed" },
            { "dead", ActionNames.Restart, RefusalCodes.Dead, "by hand" },
            { "paused", ActionNames.Restart, RefusalCodes.Paused, "unpause" },
            { "finished one-shot", ActionNames.Restart, RefusalCodes.OneShot, "do that work again" },
            { "finished one-shot", ActionNames.Rebuild, RefusalCodes.OneShot, "do that work again" },
            {
                "has guests",
                ActionNames.Restart,
                RefusalCodes.Lends,
                "sidecar would lose its network and debugger, tracer would lose its processes"
            },
            { "has guests", ActionNames.Update, RefusalCodes.Lends, "sidecar" },
            { "has stopped guests", ActionNames.Update, RefusalCodes.Lends, "sidecar" },
            { "is a guest", ActionNames.Update, RefusalCodes.Borrows, "vpn" },
            { "is a guest", ActionNames.Rebuild, RefusalCodes.Borrows, "vpn" },
            { "is a guest of a stopped one", ActionNames.Restart, RefusalCodes.Borrows, "does not run" },
            { "is named by others", ActionNames.Update, RefusalCodes.Lends, "shop is linked to it (--link)" },
            { "is named by others", ActionNames.Rebuild, RefusalCodes.Lends, "recreate it and them by hand" },
            { "takes volumes of one that is gone", ActionNames.Update, RefusalCodes.Borrows, "without --volumes-from" },
            { "from an id", ActionNames.Pull, RefusalCodes.NoTag, "image's id" },
            { "from a digest", ActionNames.Pull, RefusalCodes.NoTag, "digest" },
            { "ordinary", ActionNames.Update, RefusalCodes.NoNewerImage, "no newer image for its tag" },
            { "ordinary", ActionNames.Rebuild, RefusalCodes.NoBuildSource, "defines a build" },
            { "build is blocked", ActionNames.Rebuild, RefusalCodes.BuildBlocked, "Actions:BuildRoots" },
            { "one-off run", ActionNames.Restart, RefusalCodes.OneShot, "docker compose run" },
            { "one-off run", ActionNames.Rebuild, RefusalCodes.OneShot, "docker compose run" },
            { "switched off", ActionNames.Restart, RefusalCodes.ActionsOff, "Actions:Enabled" },
            { "switched off", ActionNames.Pull, RefusalCodes.ActionsOff, "Actions:Enabled" },
        };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Action_ThatWouldDoHarm_IsRefusedWithItsReason(string what, string action, string code, string word)
    {
        var no = ActionGuard.Judge(Case(what), RealActions.List).Against(action);

        Assert.NotNull(no);
        Assert.Equal(code, no.Code);
        Assert.Contains(word, no.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ordinary", "restart pull")]
    [InlineData("newer image", "restart pull update")]
    [InlineData("buildable", "restart pull rebuild")]
    [InlineData("crashed", "restart pull")]
    [InlineData("one-off run", "pull")]
    [InlineData("stopped service", "restart pull")]
    [InlineData("never started", "restart pull")]
    [InlineData("finished one-shot", "pull")]
    [InlineData("has guests", "pull")]
    [InlineData("has stopped guests", "restart pull")]
    [InlineData("is a guest", "restart pull")]
    [InlineData("is a guest of a stopped one", "pull")]
    [InlineData("is named by others", "restart pull")]
    [InlineData("takes volumes of one that is gone", "restart pull")]
    [InlineData("from a digest", "restart")]
    [InlineData("labelled not protected", "restart pull")]
    [InlineData("redis exporter", "restart pull")]
    [InlineData("waits for postgres", "restart pull")]
    [InlineData("postgres image", "")]
    [InlineData("postgres labelled as unprotected", "")]
    [InlineData("itself", "")]
    [InlineData("switched off", "")]
    public void Container_OfThisKind_HasTheseActions(string what, string actions) =>
        Assert.Equal(actions, string.Join(' ', ActionGuard.Judge(Case(what), RealActions.List).Allowed));

    [Fact]
    public void Ruling_AlwaysSaysOfEachActionEitherYesOrWhyNot()
    {
        foreach (var what in Refusals.Select(row => row.Data.Item1).Distinct())
        {
            var ruling = ActionGuard.Judge(Case(what), RealActions.List);

            Assert.Equal(RealActions.List.Names.Order(), ruling.Allowed.Concat(ruling.Refused.Select(refusal => refusal.Action)).Order());
            Assert.All(ruling.Refused, refusal => Assert.NotEmpty(refusal.Reason));
        }
    }

    [Theory]
    [InlineData(Roles.Operator, true)]
    [InlineData(Roles.Viewer, false)]
    [InlineData("Operator", false)]
    [InlineData(null, false)]
    public void Permits_OperatorsOnly(string? role, bool allowed) => Assert.Equal(allowed, ActionGuard.Permits(role) is null);

    [Theory]
    [InlineData("docker-entrypoint.sh", "postgres", "postgresql")]
    [InlineData("/usr/lib/postgresql/15/bin/postgres", "-D /data", "postgresql")]
    [InlineData("sh", "-c|exec redis-server --save ''", "redis")]
    [InlineData("/entrypoint.sh", "mysqld", "mysql")]
    [InlineData("node", "server.js", null)]
    [InlineData("wait-for-it.sh", "postgres:5432", null)]
    [InlineData("sh", "-c|pg_isready -h postgres; node server.js", null)]
    [InlineData("redis-cli", "monitor", null)]
    public void Program_OfADatabase_GivesItAway(string path, string arguments, string? kind) =>
        Assert.Equal(kind, DatabaseTraces.ByProgram(path, arguments.Split('|')));

    private static GuardCase Case(string what) =>
        what switch
        {
            "ordinary" => CaseFor(Web),
            "newer image" => CaseFor(Web) with { UpdateAvailable = true },
            "buildable" => CaseFor(Web) with { WhyNotBuilt = null },
            "build is blocked" => CaseFor(Web) with { WhyNotBuilt = BuildAnswer.Blocked(BuildRoots.Unset).Refusal },
            "one-off run" => CaseFor(Labelled("com.docker.compose.oneoff", "True")) with { WhyNotBuilt = null },
            "switched off" => CaseFor(Web) with { Enabled = false },
            "itself" => CaseFor(Web) with { IsSelf = true, UpdateAvailable = true },
            "in the file" => CaseFor(Web) with { Forbidden = "protected by fleet.yaml line 4" },
            "postgres image" => CaseFor(Web with { Image = "postgres:16" }),
            "postgres labelled as unprotected" => CaseFor(Labelled("fleet.database", "false") with { Image = "postgres:16" }),
            "clickhouse image" => CaseFor(Web with { Image = "clickhouse/clickhouse-server:24" }),
            "built from redis" => CaseFor(Labelled("org.opencontainers.image.base.name", "docker.io/library/redis:7")),
            "runs mongod" => CaseFor(Web with { DatabaseTrace = "mongodb" }),
            "called a backup tool, runs postgres" => CaseFor(Web with { Image = "acme/postgres-backup:1", DatabaseTrace = "postgresql" }),
            "redis exporter" => CaseFor(Web with { Image = "oliver006/redis_exporter:1" }) with { Service = "metrics" },
            "waits for postgres" => CaseFor(
                Web with
                {
                    DatabaseTrace = DatabaseTraces.ByProgram("wait-for-it.sh", ["postgres:5432", "--", "node"]),
                }
            ),
            "called db" => CaseFor(Web) with { Service = "db" },
            "labelled database" => CaseFor(Labelled("fleet.database", "custom")),
            "labelled protected" => CaseFor(Labelled("fleet.protected", "true")),
            "labelled not protected" => CaseFor(Labelled("fleet.protected", "false")),
            "labelled collector" => CaseFor(Labelled("fleet.role", "collector")),
            "swarm task" => CaseFor(Labelled("com.docker.swarm.service.id", "abc")),
            "being removed" => CaseFor(Web with { State = "removing" }),
            "dead" => CaseFor(Web with { State = "dead" }),
            "paused" => CaseFor(Web with { State = "paused" }),
            "finished one-shot" => CaseFor(Web with { State = "exited", RestartPolicy = "on-failure" }) with { WhyNotBuilt = null },
            "crashed" => CaseFor(Web with { State = "exited", ExitCode = 1 }),
            "stopped service" => CaseFor(Web with { State = "exited", RestartPolicy = "unless-stopped" }),
            "never started" => CaseFor(Web with { State = "created" }),
            "has guests" => CaseFor(Web) with
            {
                Lends = [Loan("network", "sidecar"), Loan("processes", "debugger"), Loan("processes", "tracer")],
                UpdateAvailable = true,
            },
            "has stopped guests" => CaseFor(Web) with { Lends = [new("IPC", "sidecar", Facts.Exited("sidecar", 1, TimeSpan.Zero))] },
            "is a guest" => CaseFor(Web) with { Borrows = [Loan("network", "vpn")] },
            "is a guest of a stopped one" => CaseFor(Web) with
            {
                Borrows = [Loan("network", "proxy"), new("IPC", "vpn", Facts.Exited("vpn", 1, TimeSpan.Zero))],
            },
            "is named by others" => CaseFor(Web) with
            {
                Dependents = ["shop is linked to it (--link) and could not start any more"],
                UpdateAvailable = true,
                WhyNotBuilt = null,
            },
            "takes volumes of one that is gone" => CaseFor(Web) with { MissingSource = "0123456789ab", UpdateAvailable = true },
            "from an id" => CaseFor(Web with { Image = "0123456789ab" }),
            "from a digest" => CaseFor(Web with { Image = "acme/web@sha256:0123" }),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };

    private static Loan Loan(string what, string name) => new(what, name, Facts.Container(name));

    private static GuardCase CaseFor(ContainerFacts facts) => new(facts, "web");

    private static ContainerFacts Labelled(string label, string value) => Web with { Labels = Web.Labels.SetItem(label, value) };
}
