using System.Globalization;
using FleetDashboard.DemoEngine.Fleet;

namespace FleetDashboard.DemoEngine.Logs;

/// <summary>How a kind of container logs: how often, and which lines.</summary>
internal sealed class LogStyle
{
    private static readonly string[] Pages =
    [
        "/",
        "/login",
        "/api/items?page=2",
        "/assets/app.css",
        "/assets/app.js",
        "/api/orders/4711",
        "/search?q=blue",
        "/healthz",
        "/favicon.ico",
    ];
    private static readonly string[] Agents =
    [
        "Mozilla/5.0 (X11; Linux x86_64) Firefox/131.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)",
        "curl/8.9.1",
        "UptimeProbe/2.1",
    ];
    private static readonly string[] Jobs =
    [
        "send-mail",
        "resize-image",
        "sync-stock",
        "render-invoice",
        "reindex",
        "expire-sessions",
        "import-feed",
    ];

    private readonly ContainerPlan _plan;
    private readonly Func<long, DateTimeOffset, (string Text, bool IsError)> _say;

    private LogStyle(
        ContainerPlan plan,
        double everySeconds,
        string[] greeting,
        Func<LogStyle, Func<long, DateTimeOffset, (string, bool)>> say
    )
    {
        (_plan, Every, Greeting) = (plan, TimeSpan.FromSeconds(everySeconds * SeededRandom.Between(plan.Seed, 50, 0.7, 1.4)), greeting);
        _say = say(this);
    }

    public TimeSpan Every { get; }

    public string[] Greeting { get; }

    public static LogStyle From(ContainerPlan plan) =>
        plan switch
        {
            { Behavior: Behavior.CrashLoop } => new(
                plan,
                0.5,
                ["INFO  connecting to queue amqp://broker:5672", "INFO  loading plugins from /app/plugins"],
                voice => voice.Doomed
            ),
            { Behavior: Behavior.OutOfMemory } => new(
                plan,
                1.5,
                ["INFO  importer 0.3.0 starting, batch size 50000"],
                voice => voice.Hungry
            ),
            { Behavior: Behavior.Finished } => new(plan, 0.4, ["Applying migrations to database billing"], voice => voice.Migration),
            { Kind: ContainerKind.Web, Behavior: Behavior.Unhealthy } => new(plan, 2, ["INFO  listening on :80"], voice => voice.Failing),
            { Kind: ContainerKind.Web } => new(
                plan,
                1.2,
                ["/docker-entrypoint.sh: Configuration complete; ready for start up", "[notice] 1#1: start worker processes"],
                voice => voice.Access
            ),
            { Kind: ContainerKind.Postgres } => new(
                plan,
                45,
                ["LOG:  database system was shut down cleanly", "LOG:  database system is ready to accept connections"],
                voice => voice.Checkpoint
            ),
            { Kind: ContainerKind.MariaDb } => new(
                plan,
                70,
                ["[Note] InnoDB: Buffer pool(s) load completed", "[Note] mariadbd: ready for connections."],
                voice => voice.InnoDb
            ),
            { Kind: ContainerKind.Redis } => new(
                plan,
                60,
                ["1:C * Redis is starting", "1:M * Ready to accept connections tcp"],
                voice => voice.Saving
            ),
            { Tty: true } => new(plan, 8, ["\e[1mbackup\e[0m repository opened, password is correct"], voice => voice.Backup),
            _ => new(plan, 3, ["INFO  worker ready, waiting for jobs"], voice => voice.Job),
        };

    public DemoLogLine Line(long slot, DateTimeOffset at)
    {
        var (text, isError) = _say(slot, at);
        return new DemoLogLine(at, isError && !_plan.Tty, text);
    }

    public string[] Farewell(int exitCode) =>
        exitCode switch
        {
            0 => _plan.Behavior == Behavior.Finished ? ["Done. 14 migrations applied."] : ["INFO  SIGTERM received, shutting down"],
            137 or 143 => [],
            3 =>
            [
                "panic: runtime error: invalid memory address or nil pointer dereference",
                "[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x6f2a41]",
                "goroutine 1 [running]:",
                "main.(*Queue).Dial(0x0, {0x7f1c20, 0xc0000140c0})",
                "\t/src/worker/queue.go:88 +0x41",
                "main.main()",
                "\t/src/worker/main.go:31 +0x1a5",
            ],
            _ => ["FATAL unhandled exception: connection reset by peer", "    at Worker.run (/app/worker.js:112:9)"],
        };

    private (string, bool) Access(long slot, DateTimeOffset at)
    {
        var status = SeededRandom.Fraction(_plan.Seed, slot * 7) switch
        {
            > 0.995 => 502,
            > 0.97 => 404,
            > 0.93 => 304,
            _ => 200,
        };
        var page = SeededRandom.Pick(_plan.Seed, slot * 7 + 1, Pages);
        var client = $"203.0.113.{1 + SeededRandom.Roll(_plan.Seed, slot * 7 + 2) % 250}";
        var bytes = status == 304 ? 0 : 200 + (int)(SeededRandom.Roll(_plan.Seed, slot * 7 + 3) % 48_000);
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{client} - - [{at:dd/MMM/yyyy:HH:mm:ss} +0000] \"GET {page} HTTP/1.1\" {status} {bytes} \"-\" "
                + $"\"{SeededRandom.Pick(_plan.Seed, slot * 7 + 4, Agents)}\""
        );
        return status == 502
            ? (
                $"{at:yyyy/MM/dd HH:mm:ss} [error] 29#29: *{slot % 90_000} connect() failed (111: Connection refused) while connecting "
                    + "to upstream",
                true
            )
            : (line, false);
    }

    private (string, bool) Checkpoint(long slot, DateTimeOffset at)
    {
        var seconds = SeededRandom.Between(_plan.Seed, slot, 0.4, 9);
        var text =
            slot % 2 == 0
                ? "LOG:  checkpoint starting: time"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"LOG:  checkpoint complete: wrote {SeededRandom.Roll(_plan.Seed, slot) % 300} buffers; write={seconds:0.000} s, "
                        + $"sync=0.004 s"
                );
        return (string.Create(CultureInfo.InvariantCulture, $"{at:yyyy-MM-dd HH:mm:ss.fff} UTC [27] {text}"), true);
    }

    private (string, bool) InnoDb(long slot, DateTimeOffset at) =>
        (
            $"{at:yyyy-MM-dd HH:mm:ss} {slot % 900} [Note] Aborted connection {slot % 9000} to db: 'app' user: 'app' (Got timeout "
                + "reading communication packets)",
            true
        );

    private (string, bool) Saving(long slot, DateTimeOffset at) =>
        (
            slot % 2 == 0
                ? $"1:M {at:dd MMM yyyy HH:mm:ss.fff} * {SeededRandom.Roll(_plan.Seed, slot) % 900 + 1} changes in 60 seconds. Saving..."
                : $"1:M {at:dd MMM yyyy HH:mm:ss.fff} * Background saving terminated with success",
            false
        );

    private (string, bool) Job(long slot, DateTimeOffset at)
    {
        var job = SeededRandom.Pick(_plan.Seed, slot, Jobs);
        return SeededRandom.Fraction(_plan.Seed, slot * 3) > 0.985
            ? ($"WARN  job {job}-{slot % 100_000} failed, attempt 1 of 3: upstream timed out after 30s", true)
            : ($"INFO  job {job}-{slot % 100_000} done in {40 + SeededRandom.Roll(_plan.Seed, slot + 1) % 2400} ms", false);
    }

    private (string, bool) Failing(long slot, DateTimeOffset at) =>
        slot % 5 == 0
            ? ("ERROR health: database ping took longer than 5s", true)
            : (
                $"WARN  request {SeededRandom.Pick(_plan.Seed, slot, Pages)} waited "
                    + $"{2000 + SeededRandom.Roll(_plan.Seed, slot) % 6000} ms for a connection",
                true
            );

    private (string, bool) Hungry(long slot, DateTimeOffset at) =>
        ($"INFO  loaded batch {slot % 40}, heap {20 + slot % 40 * 2} MiB", false);

    private (string, bool) Migration(long slot, DateTimeOffset at) => ($"Applied 2026{slot % 12 + 1:00}01_change_{slot % 97:00}", false);

    private (string, bool) Doomed(long slot, DateTimeOffset at) => ("WARN  broker answered late, retrying", true);

    private (string, bool) Backup(long slot, DateTimeOffset at) =>
        (
            $"\e[32m[{at:HH:mm:ss}]\e[0m {SeededRandom.Roll(_plan.Seed, slot) % 100}.{SeededRandom.Roll(_plan.Seed, slot + 1) % 10}%  "
                + $"{SeededRandom.Roll(_plan.Seed, slot + 2) % 9000} files, 0 errors",
            false
        );
}
