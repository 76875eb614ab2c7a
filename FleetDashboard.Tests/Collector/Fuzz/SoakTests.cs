using System.Text.Json.Nodes;
using FleetDashboard.DemoEngine.Faults;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FleetDashboard.Tests.Collector.Fuzz;

/// <summary>
/// The whole Collector with an engine that is slow, hangs, fails, refuses, cuts streams, recreates containers or lies, at random. In the
/// end the snapshot must be live and complete, no unhandled fault was logged, and memory did not grow. FLEET_SOAK_SECONDS sets the
/// duration; the seed is printed.
/// </summary>
[Trait("Category", "Long")]
[Collection(nameof(RequestMemoryTests))]
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int DefaultSeconds = 25;

    private static readonly string[] Paths =
    [
        "*/json",
        "/containers/*/json",
        "/containers/json",
        "/info",
        "/version",
        "/networks",
        "/events",
        "/images/json",
        "/containers/*/stats",
        "/_ping",
        "/exec/*",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Faults_ComeAndGo_TheSnapshotIsLiveAndCompleteInTheEnd()
    {
        var seconds = int.TryParse(Environment.GetEnvironmentVariable("FLEET_SOAK_SECONDS"), out var set) ? set : DefaultSeconds;
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}, {seconds} s");
        var random = new Random(seed);
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var door = await EngineProxy.OpenAsync(demo.Endpoint);
        await using var collector = await CollectorHost.StartAsync(
            door.Endpoint,
            Token,
            "--Sampling:Interval=00:00:01",
            "--Sampling:Source=socket",
            "--Engine:Deadline=00:00:02",
            "--Engine:ReconcileInterval=00:00:05",
            "--Databases:Interval=00:00:10"
        );
        using var errors = new ErrorLog();
        collector.Services.GetRequiredService<ILoggerFactory>().AddProvider(errors);
        await collector.UntilAsync(fleet => !fleet.Stale, Token);
        var started = TimeProvider.System.GetTimestamp();
        var (warm, lastPrint) = (0L, TimeSpan.Zero);

        while (TimeProvider.System.GetElapsedTime(started) is var elapsed && elapsed < TimeSpan.FromSeconds(seconds))
        {
            demo.Faults.Set(RandomFaults(random));
            door.Instead = random.Next(3) == 0 ? RandomAnswer(random) : null;
            door.Rewrite = random.Next(3) == 0 ? RandomLie(random) : null;
            door.CutEventsAfter = random.Next(3) == 0 ? TimeSpan.FromMilliseconds(random.Next(50, 3_000)) : null;
            if (random.Next(40) == 0)
            {
                await demo.StopServerAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(100, 3_000)), TimeProvider.System, Token);
                await demo.StartServerAsync(Token);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(100, 3_000)), TimeProvider.System, Token);
            warm = warm == 0 && elapsed > TimeSpan.FromSeconds(seconds / 4.0) ? Used() : warm;
            if (elapsed - lastPrint > TimeSpan.FromMinutes(5))
            {
                lastPrint = elapsed;
                output.WriteLine(
                    $"{elapsed:hh\\:mm\\:ss} heap {Used() >> 20} MiB, {collector.EngineCalls.Values.Sum()} calls, "
                        + $"sequence {(await collector.FleetAsync(Token)).Sequence}"
                );
            }
        }

        demo.Faults.Set(new FaultSettings());
        (door.Instead, door.Rewrite, door.CutEventsAfter) = (null, null, null);
        await collector.UntilAsync(
            fleet =>
                !fleet.Stale
                && fleet.Warnings.Length == 0
                && fleet
                    .Apps.SelectMany(app => app.Containers)
                    .Select(container => container.Name)
                    .ToHashSet()
                    .SetEquals(demo.Fleet.All.Select(one => one.Plan.Name)),
            Token
        );
        var used = Used();
        output.WriteLine($"heap after a quarter {warm >> 20} MiB, at the end {used >> 20} MiB; {collector.EngineCalls.Values.Sum()} calls");
        Assert.DoesNotContain(errors.Entries, IsOurs);
        Assert.True(used < (warm * 2) + (64 << 20), $"The heap grew from {warm >> 20} to {used >> 20} MiB.");
        Assert.Equal(System.Net.HttpStatusCode.OK, (await collector.Http.GetAsync("/health", Token)).StatusCode);
    }

    // Kestrel's and the test's own servers log broken connections. The Collector's own classes log errors only for unhandled faults.
    private static bool IsOurs(string entry) => entry.StartsWith("FleetDashboard.Collector", StringComparison.Ordinal);

    private static long Used() => GC.GetTotalMemory(forceFullCollection: true);

    private static FaultSettings RandomFaults(Random random) =>
        new()
        {
            LatencyMilliseconds = random.Next(4) == 0 ? random.Next(0, 3_000) : 0,
            Fail = random.Next(3) == 0 ? [Paths[random.Next(Paths.Length)]] : [],
            Hang = random.Next(5) == 0 ? [Paths[random.Next(Paths.Length)]] : [],
            Refuse = random.Next(12) == 0,
            ChurnPerMinute = random.Next(3) == 0 ? random.Next(0, 600) : 0,
            Cut = random.Next(3) == 0,
        };

    private static Func<HttpRequest, ProxyResponse?> RandomAnswer(Random random)
    {
        var (path, status) = (
            Paths[random.Next(Paths.Length)].Replace("*", "", StringComparison.Ordinal),
            (int[])[200, 200, 403, 404, 500, 502, 503]
        );
        string[] bodies =
        [
            "",
            "null",
            "[]",
            "{}",
            "<html>no</html>",
            """{"message":"no"}""",
            """[{"Id":null},7]""",
            new string('x', 100_000),
        ];
        var answer = new ProxyResponse(
            status[random.Next(status.Length)],
            bodies[random.Next(bodies.Length)],
            random.Next(2) == 0 ? "application/json" : "text/html"
        );
        return request => request.Path.Value!.Contains(path, StringComparison.Ordinal) ? answer : null;
    }

    private static Action<string, JsonNode> RandomLie(Random random)
    {
        var seed = random.Next();
        return (_, json) =>
        {
            var mutated = new JsonMutator(new Random(seed)).Mutate(json);
            if (json is JsonObject map && mutated is JsonObject lies)
            {
                map.Clear();
                foreach (var (name, value) in lies.ToList())
                {
                    map[name] = value?.DeepClone();
                }
            }
        };
    }
}
