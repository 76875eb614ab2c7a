using System.Globalization;
using System.Text.Json;
using Docker.DotNet.Models;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Databases;
using Xunit;

namespace FleetDashboard.Tests.Engine;

/// <summary>Real PostgreSQL, MariaDB and Redis: the page shows the sizes that their own clients report, or why it cannot.</summary>
[Collection(DatabaseSuite.Name)]
[Trait("Category", "Engine")]
public sealed class DatabaseSizesTests(EngineFixture engine, DatabaseFleet databases)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [DatabaseFact]
    public async Task PostgreSql_PasswordInAFile_SizesMatchPsql()
    {
        await databases.UntilAsync("dbpostgres", Measured);

        await AgreeAsync("dbpostgres", "billing", () => PsqlAsync("select pg_database_size('billing')"));
        await AgreeAsync(
            "dbpostgres",
            "postgres",
            () => PsqlAsync("select sum(pg_database_size(oid)) from pg_database where datname = 'postgres'")
        );
    }

    [DatabaseFact]
    public async Task PostgreSql_DatabaseClosedToTheUser_IsNamedWithTheReason()
    {
        var fleet = await databases.UntilAsync("dbpostgres", rows => rows.Any(row => row.Name == "vault"));

        var vault = databases.Rows(fleet, "dbpostgres").Single(row => row.Name == "vault");
        Assert.Equal((null, "no permission to see its size"), (vault.Bytes, vault.Error));
        Assert.DoesNotContain(databases.Rows(fleet, "dbpostgres"), row => row.Name.StartsWith("template", StringComparison.Ordinal));
    }

    [DatabaseFact]
    public async Task MariaDb_RootPasswordInAFile_SizesMatchMariadb()
    {
        var fleet = await databases.UntilAsync("dbmaria", Measured);

        Assert.Equal(["shop", "empty"], databases.Rows(fleet, "dbmaria").Select(row => row.Name));
        await AgreeAsync(
            "dbmaria",
            "shop",
            async () =>
                Number(
                    await databases.ExecAsync(
                        "dbmaria",
                        "sh",
                        "-c",
                        "MYSQL_PWD=$(cat /run/secret) mariadb -N -B -e \"select data_length + index_length from "
                            + "information_schema.tables where table_schema = 'shop'\""
                    )
                )
        );
    }

    [DatabaseFact]
    public async Task MariaDb_OrdinaryUser_SeesItsOwnDatabases()
    {
        var fleet = await databases.UntilAsync("dbmariauser", Measured);

        Assert.Equal("shop", Assert.Single(databases.Rows(fleet, "dbmariauser")).Name);
        await AgreeAsync(
            "dbmariauser",
            "shop",
            async () =>
                Number(
                    await databases.ExecAsync(
                        "dbmariauser",
                        "sh",
                        "-c",
                        "mariadb -N -B -e \"select data_length + index_length from "
                            + "information_schema.tables where table_schema = 'shop'\""
                    )
                )
        );
    }

    [DatabaseFact]
    public async Task Redis_RequiredPassword_MemoryMatchesRedisCli()
    {
        await databases.UntilAsync("dbredis", Measured);
        await databases.ExecAsync("dbredis", "sh", "-c", "REDISCLI_AUTH=$(cat /run/secret) redis-cli debug populate 50000 key 200");

        // The value includes each client's own buffers, so two clients never see exactly the same.
        await AgreeAsync(
            "dbredis",
            "memory",
            async () =>
                Number(
                    (await databases.ExecAsync("dbredis", "sh", "-c", "REDISCLI_AUTH=$(cat /run/secret) redis-cli info memory"))
                        .Split('\n')
                        .Single(line => line.StartsWith("used_memory:", StringComparison.Ordinal))["used_memory:".Length..]
                ),
            tolerance: 0.005
        );
    }

    [DatabaseFact]
    public async Task Failure_OfEachKind_IsReportedBrieflyAndAffectsNothingElse()
    {
        await databases.UntilAsync("dbrediswrong", rows => rows is [{ Error: "password refused", Bytes: null }]);
        await databases.UntilAsync("dbbare", rows => rows is [{ Error: "no psql in the image", Bytes: null, Name: "" }]);
        var before = await databases.UntilAsync("dbhangs", rows => rows is [{ Error: "no answer within 4 s", Bytes: null }]);

        // While the probe hangs again, stats keep arriving.
        var (asked, last, longest) = (databases.Collector.EngineCalls["exec"], TimeProvider.System.GetTimestamp(), TimeSpan.Zero);
        await databases.Collector.UntilAsync(
            fleet =>
            {
                var now = TimeProvider.System.GetTimestamp();
                (longest, last) = (TimeSpan.FromTicks(Math.Max(longest.Ticks, TimeProvider.System.GetElapsedTime(last, now).Ticks)), now);
                return fleet.TakenAt - before.TakenAt > TimeSpan.FromSeconds(12);
            },
            Token
        );

        Assert.InRange(longest, TimeSpan.Zero, TimeSpan.FromSeconds(4));
        Assert.True(databases.Collector.EngineCalls["exec"] > asked);
        Assert.Empty(databases.Rows(await databases.Collector.FleetAsync(Token), "anything-db"));
        Assert.All(
            databases.Log.Where(line => line.Contains("is not known", StringComparison.Ordinal)).GroupBy(line => line),
            group => Assert.Single(group)
        );
    }

    [DatabaseFact]
    public async Task Probes_Finished_LeaveNoProcessBehind()
    {
        await databases.UntilAsync("dbhangs", rows => rows is [{ Error: "no answer within 4 s" }]);

        foreach (var name in (string[])["dbhangs", "dbrediswrong", "dbredis", "dbpostgres", "dbmaria"])
        {
            // Between two probes there are only the first process's own children, and none of them is a zombie.
            await Eventually.GetAsync(
                _ => ProcessesAsync(name),
                processes =>
                    processes.All(process =>
                        process is { Parent: "0" or "1" } && process.State != "Z" && (process.Parent == "1" || process.Id == "1")
                    ),
                describe: processes => $"{name}: {string.Join(", ", processes)}"
            );
        }

        Assert.Equal(
            ["1"],
            (await Eventually.GetAsync(_ => ProcessesAsync("dbhangs"), processes => processes.Count == 1)).Select(process => process.Id)
        );
    }

    [DatabaseFact]
    public async Task Secrets_AreNowhere()
    {
        foreach (var name in (string[])["dbpostgres", "dbmaria", "dbmariauser", "dbredis"])
        {
            await databases.UntilAsync(name, Measured);
        }

        var seen = databases.ProbesSeen;
        await Eventually.GetAsync(_ => Task.FromResult(databases.ProbesSeen), now => now > seen + 5);
        var said = JsonSerializer.Serialize(await databases.Collector.FleetAsync(Token), ContractsJson.Default.FleetSnapshot);

        // PostgreSQL itself writes the connected user into the command line of each of its processes.
        Assert.DoesNotContain(
            databases.Leaks.Keys,
            line => !line.StartsWith("postgres: ", StringComparison.Ordinal) || databases.Passwords.Any(line.Contains)
        );
        Assert.NotEmpty(databases.Log);
        Assert.All(
            databases.Secrets,
            secret =>
            {
                Assert.DoesNotContain(secret, said, StringComparison.Ordinal);
                Assert.DoesNotContain(databases.Log, line => line.Contains(secret, StringComparison.Ordinal));
            }
        );
    }

    [DatabaseFact]
    public async Task Redis_PausedThenStoppedThenRemoved_KeepsItsSizeAndSaysSo()
    {
        await databases.UntilAsync("dbredisopen", Measured);
        var series = $"container=\"{databases.Name("dbredisopen")}\",database=\"memory\",kind=\"redis\"";
        await Eventually.GetAsync(
            _ => MetricsAsync(),
            text => text.Contains("fleet_database_size_bytes{", StringComparison.Ordinal) && text.Contains(series, StringComparison.Ordinal)
        );
        var (client, id) = (await engine.ClientAsync(Token), databases.Id("dbredisopen"));

        await client.Containers.PauseContainerAsync(id, Token);
        await databases.UntilAsync("dbredisopen", rows => rows is [{ Bytes: > 0, Error: "paused: a paused container cannot be measured" }]);
        await client.Containers.UnpauseContainerAsync(id, Token);
        await databases.UntilAsync("dbredisopen", Measured);
        await client.Containers.StopContainerAsync(id, new ContainerStopParameters { WaitBeforeKillSeconds = 2 }, Token);
        await databases.UntilAsync("dbredisopen", rows => rows is [{ Bytes: > 0, MeasuredAt: not null, Error: "stopped" }]);

        await client.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true }, Token);
        await databases.UntilAsync("dbredisopen", rows => rows.Count == 0);
        await Eventually.GetAsync(_ => MetricsAsync(), text => !text.Contains(series, StringComparison.Ordinal));
    }

    [DatabaseFact]
    public async Task Totals_AreTheSumOfMeasuredSizes()
    {
        var fleet = await databases.UntilAsync("dbpostgres", Measured);

        var known = fleet.Apps.SelectMany(app => app.Databases).Where(row => row.Bytes is not null).ToList();
        Assert.Equal((known.Sum(row => row.Bytes), known.Count), (fleet.Totals.DatabaseBytes, fleet.Totals.Databases));
        Assert.All(
            fleet.Apps,
            app =>
                Assert.Equal(
                    app.Databases.Any(row => row.Bytes is not null) ? app.Databases.Sum(row => row.Bytes) : null,
                    app.DatabaseBytes
                )
        );
    }

    private static bool Measured(IReadOnlyList<DatabaseSnapshot> rows) => rows.Any(row => row is { Bytes: >= 0, Error: null });

    private static long Number(string text) => long.Parse(text.Trim(), CultureInfo.InvariantCulture);

    private async Task<long> PsqlAsync(string query) =>
        Number(
            await databases.ExecAsync(
                "dbpostgres",
                "sh",
                "-c",
                $"PGPASSWORD=$(cat /run/secret) PGUSER=$POSTGRES_USER psql -At -d billing -c \"{query}\""
            )
        );

    // A server keeps working between the two measurements, so they are repeated until they match. With a wrong query they never would.
    private async Task AgreeAsync(string container, string database, Func<Task<long>> ask, double tolerance = 0) =>
        await Eventually.GetAsync(
            async token =>
                (
                    Ours: databases.Rows(await databases.Collector.FleetAsync(token), container).Single(row => row.Name == database).Bytes,
                    Theirs: await ask()
                ),
            pair => pair.Theirs > 0 && Math.Abs(pair.Ours!.Value - pair.Theirs) <= tolerance * pair.Theirs,
            TimeSpan.FromSeconds(30)
        );

    private async Task<IReadOnlyList<(string Id, string State, string Parent, string Line)>> ProcessesAsync(string name)
    {
        var lines = (
            await databases.ExecAsync(
                name,
                "sh",
                "-c",
                "echo $$; for f in /proc/[0-9]*/stat; do { read -r line <$f; } 2>/dev/null && echo \"$line\"; done"
            )
        ).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. from line in lines.Skip(1)
            let rest = line[(line.LastIndexOf(')') + 2)..].Split(' ')
            let id = line.Split(' ')[0]
            where id != lines[0]
            select (id, rest[0], rest[1], line[..line.LastIndexOf(')')]),
        ];
    }

    private Task<string> MetricsAsync() =>
        databases.Collector.Http.GetStringAsync(new Uri(CollectorRoutes.Metrics, UriKind.Relative), Token);
}
