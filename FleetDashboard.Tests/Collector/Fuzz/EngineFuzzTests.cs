using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Actions.Rebuild;
using FleetDashboard.Collector.Databases;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Collector.Metadata;
using FleetDashboard.Collector.Metrics;
using FleetDashboard.Collector.Metrics.Cadvisor;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Clients;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace FleetDashboard.Tests.Collector.Fuzz;

/// <summary>
/// Recorded answers of a real engine, with fields removed, nulled, retyped and enlarged, pass from the engine client to the JSON of the
/// snapshot and to the scrape. Every listed container must be in the snapshot. Only exceptions that a session handles for one container may
/// be thrown. FLEET_FUZZ_CASES sets the number of cases, FLEET_FUZZ_SEED the first one; the seed is printed.
/// </summary>
[Trait("Category", "Long")]
public sealed class EngineFuzzTests(ITestOutputHelper output)
{
    private const int DefaultCases = 1_500;

    private static readonly string Recorded = Path.Combine(Repository.Root, "FleetDashboard.Tests", "Collector", "Fuzz", "Recorded");

    private static readonly string[] Documents =
    [
        "version",
        "info",
        "list",
        "networks",
        "images",
        "inspect-shop-web-1",
        "inspect-shop-db-1",
        "inspect-job",
        "inspect-loner",
        "stats",
        "events",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnyAnswer_OfTheEngine_EndsInASnapshotWithEveryListedContainer()
    {
        var cases = Setting("FLEET_FUZZ_CASES") ?? DefaultCases;
        var seed = Setting("FLEET_FUZZ_SEED") ?? Random.Shared.Next();
        output.WriteLine($"seed {seed}, {cases} cases");
        await using var engine = await FuzzEngine.StartAsync(Token);
        var originals = Documents.ToDictionary(name => name, Read);
        for (var number = 0; number < cases; number++)
        {
            var random = new Random(unchecked(seed + number));
            var mutator = new JsonMutator(random);
            var changed = originals.ToDictionary(pair => pair.Key, pair => random.Next(3) == 0 ? mutator.Mutate(pair.Value) : pair.Value);
            try
            {
                await RunAsync(engine, changed);
            }
            catch (Exception fault)
            {
                Assert.Fail($"Case {unchecked(seed + number)} (set FLEET_FUZZ_SEED to it and FLEET_FUZZ_CASES to 1): {fault}");
            }
        }
    }

    [Fact]
    public async Task EveryField_MissingRetypedOrAtItsLimits_EndsInASnapshotWithEveryListedContainer()
    {
        await using var engine = await FuzzEngine.StartAsync(Token);
        var originals = Documents.Where(name => name is not ("inspect-shop-db-1" or "inspect-job")).ToDictionary(name => name, Read);
        originals["events"] = new JsonArray([.. originals["events"].AsArray().Take(2).Select(line => line!.DeepClone())]);
        originals["inspect-shop-db-1"] = originals["inspect-job"] = Read("inspect-job");
        var cases = 0;
        foreach (var (name, original) in originals.Where(pair => pair.Key is not "inspect-shop-db-1").ToList())
        {
            foreach (var (path, changed) in FieldChanges.List(original))
            {
                cases++;
                try
                {
                    await RunAsync(
                        engine,
                        originals.ToDictionary(pair => pair.Key, pair => (JsonNode?)(pair.Key == name ? changed : pair.Value))
                    );
                }
                catch (Exception fault)
                {
                    Assert.Fail($"{name} {path}: {fault}");
                }
            }
        }

        output.WriteLine($"{cases} cases");
        Assert.True(cases > 2_000, $"Only {cases} cases were made.");
    }

    private static async Task RunAsync(FuzzEngine engine, Dictionary<string, JsonNode?> documents)
    {
        var ids = Serve(engine, documents);
        var (history, databases) = (new StatsHistory(), new DatabaseSizes());
        var inventory = new Inventory(history, databases, new ChangeHistory(TimeProvider.System));
        var at = TimeProvider.System.GetUtcNow();

        var host = await engine.Client.ConnectAsync(Token);
        inventory.Begin(host);
        ContainerList list;
        try
        {
            list = await engine.Client.ListAsync(Token);
        }
        catch (InvalidDataException)
        {
            return; // The list is no list: the engine is lost, with that as the reason.
        }

        inventory.Networks = await OptionalAsync(engine.Client.NetworksAsync) ?? [];
        var (inspect, _) = inventory.Reconcile(list, at);
        foreach (var id in inspect)
        {
            try
            {
                if (await engine.Client.InspectAsync(id, Token) is { } facts)
                {
                    inventory.Put(facts, at);
                }
                else
                {
                    inventory.Deny(id);
                }
            }
            catch (Exception fault)
            {
                inventory.GiveUp(id, EngineFault.Describe(fault), at); // As the session does.
            }
        }

        inventory.Reconcile(list, at);
        await foreach (var what in Events(documents["events"], engine.Client.Clock))
        {
            if (inventory.IsNews(what, at) || what.Action != "destroy")
            {
                inventory.Observe(what);
            }
        }

        for (var round = 0; round < 2; round++)
        {
            var readings = new List<(string, RawStats)>();
            foreach (var target in SampleTargets.Find(inventory.GuardInputs.Containers, host.CgroupDriver))
            {
                try
                {
                    if (await engine.Stats.ReadAsync(target.Id, Token) is { } stats)
                    {
                        readings.Add(
                            (
                                target.Id,
                                round == 0
                                    ? stats
                                    : stats with
                                    {
                                        CpuNanoseconds = stats.CpuNanoseconds + 1_000_000,
                                        ReadAt = stats.ReadAt.AddTicks(round),
                                    }
                            )
                        );
                    }
                }
                catch (Exception fault) when (fault is JsonException or InvalidDataException or EngineRefusal)
                {
                    // This container has no stats.
                }
            }

            inventory.Sample([.. readings], TimeSpan.FromSeconds(5));
        }

        try
        {
            inventory.Apply(await engine.Images.ListAsync(Token));
        }
        catch (InvalidDataException)
        {
            // Too large: the last tags stay.
        }

        var moment = new SnapshotMoment(1, at, at, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20), null, null, []);
        var rulings = new ActionRulings(new OwnContainer("", "", ""), Sources, RealActions.List, Options.Create(new ActionOptions()));
        var snapshot = new SnapshotAssembler(history, databases).Assemble(inventory, rulings.Judge(inventory.GuardInputs), moment);
        var store = new SnapshotStore(TimeProvider.System);
        store.Publish(snapshot, ScrapeState.Create(inventory, moment));

        var shown = snapshot.Apps.SelectMany(app => app.Containers).Select(container => container.Id).ToHashSet();
        Assert.Superset(list.Containers.Select(container => container.Id).ToHashSet(), shown);
        Assert.Subset(ids, shown);
        var back = JsonSerializer.Deserialize(store.Current!.Json, ContractsJson.Default.FleetSnapshot)!;
        FleetView.Merge(
            [HostView.Nothing(new Uri("http://c"), null) with { Snapshot = back, Connection = ConnectionState.Live, AsOf = at }],
            []
        );
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        await new CadvisorScrape(store, Options.Create(new MetricsOptions()), TimeProvider.System).WriteAsync(
            new Exposition(pipe.Writer, openMetrics: true),
            Token
        );
    }

    // Each id of the list is inspected by one of the recorded inspections, in turn. Returns all ids that may be shown.
    private static HashSet<string> Serve(FuzzEngine engine, Dictionary<string, JsonNode?> documents)
    {
        engine.Answers.Clear();
        engine.Answers["/version"] = Bytes(documents["version"]);
        engine.Answers["/info"] = Bytes(documents["info"]);
        engine.Answers["/networks"] = Bytes(documents["networks"]);
        engine.Answers["/images/json"] = Bytes(documents["images"]);
        engine.Answers["/containers/json"] = Bytes(documents["list"]);
        string[] inspections = ["inspect-shop-web-1", "inspect-shop-db-1", "inspect-job", "inspect-loner"];
        var ids = (documents["list"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .Select(entry => entry["Id"] as JsonValue)
            .OfType<JsonValue>()
            .Select(value => value.TryGetValue<string>(out var id) ? id : "")
            .Where(ContainerList.IsId)
            .ToHashSet();
        foreach (var (id, index) in ids.Select((id, index) => (id, index)))
        {
            engine.Answers[$"/containers/{id}/json"] = Bytes(documents[inspections[index % inspections.Length]]);
            engine.Answers[$"/containers/{id}/stats"] = Bytes(documents["stats"]);
        }

        return ids;
    }

    private static async IAsyncEnumerable<EngineEvent> Events(JsonNode? events, EngineClock clock)
    {
        var lines = events is JsonArray list
            ? string.Join('\n', list.Select(line => line?.ToJsonString() ?? "null"))
            : events?.ToJsonString() ?? "";
        var read = new List<EngineEvent>();
        await EventStream.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(lines)), clock, read.Add, () => { }, Token);
        foreach (var what in read)
        {
            yield return what;
        }
    }

    private static async Task<T?> OptionalAsync<T>(Func<CancellationToken, Task<T>> question)
        where T : struct
    {
        try
        {
            return await question(Token);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

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

    private static JsonNode Read(string name)
    {
        var path = Path.Combine(Recorded, name + ".json");
        return File.Exists(path)
            ? JsonNode.Parse(File.ReadAllText(path))!
            : new JsonArray([
                .. File.ReadLines(Path.ChangeExtension(path, ".ndjson"))
                    .Where(line => line.Length > 0)
                    .Select(line => JsonNode.Parse(line)),
            ]);
    }

    private static byte[] Bytes(JsonNode? json) => Encoding.UTF8.GetBytes(json?.ToJsonString() ?? "null");

    private static int? Setting(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : null;
}
