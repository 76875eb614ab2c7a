using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Fleet;

/// <summary>Tells which containers are databases, by image and by name. Errs towards yes: what is taken for one is only kept from harm.</summary>
internal static class DatabaseKinds
{
    private static readonly (string Word, string Kind)[] ByImage =
    [
        ("postgres", "postgresql"), ("postgis", "postgresql"), ("timescale", "postgresql"), ("pgvector", "postgresql"),
        ("mariadb", "mariadb"), ("mysql", "mysql"), ("percona", "mysql"),
        ("valkey", "valkey"), ("redis", "redis"), ("mongo", "mongodb"),
    ];

    // Other stores of data: nothing here looks into them, and nothing may bounce them.
    private static readonly (string Word, string Name)[] OthersByImage =
    [
        ("cockroach", "CockroachDB"), ("clickhouse", "ClickHouse"), ("cassandra", "Cassandra"), ("scylla", "ScyllaDB"), ("couchdb", "CouchDB"),
        ("couchbase", "Couchbase"), ("influxdb", "InfluxDB"), ("mssql", "SQL Server"), ("oracle", "Oracle"), ("neo4j", "Neo4j"),
        ("elasticsearch", "Elasticsearch"), ("opensearch", "OpenSearch"), ("rethinkdb", "RethinkDB"), ("arangodb", "ArangoDB"),
        ("dragonfly", "Dragonfly"), ("keydb", "KeyDB"), ("questdb", "QuestDB"), ("surrealdb", "SurrealDB"), ("etcd", "etcd"),
        ("yugabyte", "YugabyteDB"), ("firebird", "Firebird"),
    ];

    // Tools that carry a database's name and hold no data.
    private static readonly string[] Tools = ["exporter", "admin", "commander", "express", "insight", "proxy", "pgbouncer", "backup", "operator", "dashboards", "reaper"];

    private const string DatabaseLabel = "fleet.database";

    // What an image says of itself: its name, and what it was built from.
    private static readonly string[] OriginLabels = ["org.opencontainers.image.base.name", "org.opencontainers.image.title", "org.label-schema.name"];

    private static readonly string[] Names = ["db", "database", "postgres", "postgresql", "mariadb", "mysql", "redis", "valkey", "mongo", "mongodb"];

    /// <summary>postgresql, mysql, mariadb, redis, valkey or mongodb; null where the image does not say.</summary>
    public static string? KindOf(ContainerFacts container)
    {
        var image = Repository(container.Image);
        return IsTool(image) ? null : ByImage.FirstOrDefault(entry => image.Contains(entry.Word, StringComparison.Ordinal)).Kind;
    }

    /// <summary>Why it counts as a database, in words; null where it does not.</summary>
    public static string? ReasonOf(ContainerFacts container, string service)
    {
        if (KindOf(container) is { } kind)
        {
            return $"{DisplayName(kind)} database, by its image";
        }

        // What runs in it weighs more than a tool's name on it.
        if (container.DatabaseTrace is { } trace)
        {
            return $"{DisplayName(trace)} database, by what runs in it";
        }

        if (ByLabel(container.Labels) is { } labelled)
        {
            return labelled;
        }

        var image = Repository(container.Image);
        if (!IsTool(image) && OthersByImage.FirstOrDefault(entry => image.Contains(entry.Word, StringComparison.Ordinal)).Name is { } other)
        {
            return $"{other} database, by its image";
        }

        var parts = service.ToLowerInvariant().Split('-', '_', '.');
        return !IsTool(image) && !parts.Any(part => Tools.Contains(part)) && parts.Any(part => Names.Contains(part.TrimEnd("0123456789".ToCharArray())))
            ? "database, by its name"
            : null;
    }

    // Labels can say that something is a database, never that it is none: an image brings its own along.
    private static string? ByLabel(ImmutableDictionary<string, string> labels)
    {
        if (labels.TryGetValue(DatabaseLabel, out var said) && !said.Equals("false", StringComparison.OrdinalIgnoreCase))
        {
            return $"database, by its label {DatabaseLabel}";
        }

        foreach (var label in OriginLabels)
        {
            if (labels.TryGetValue(label, out var origin) && Repository(origin) is { Length: > 0 } name && !IsTool(name)
                && ByImage.FirstOrDefault(entry => name.Contains(entry.Word, StringComparison.Ordinal)).Kind is { } kind)
            {
                return $"{DisplayName(kind)} database, by its image's label {label}";
            }
        }

        return null;
    }

    private static string DisplayName(string kind) => kind switch
    {
        "postgresql" => "PostgreSQL",
        "mysql" => "MySQL",
        "mariadb" => "MariaDB",
        "redis" => "Redis",
        "valkey" => "Valkey",
        "mongodb" => "MongoDB",
        _ => kind,
    };

    private static bool IsTool(string image) => Tools.Any(tool => image.Contains(tool, StringComparison.Ordinal));

    // registry.example:5000/library/postgres:16@sha256:... -> postgres
    private static string Repository(string image)
    {
        var name = image.Split('@')[0];
        name = name[(name.LastIndexOf('/') + 1)..];
        return name.Split(':')[0].ToLowerInvariant();
    }
}
