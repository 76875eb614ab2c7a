using Docker.DotNet.Models;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// Recognises a database whose image and container names do not show it. Sure signs are the program that it runs, or a variable of the
/// image with the port that it exposes; weaker signs are its volumes and ports. Only the kind leaves this class, never environment, command
/// or mounts.
/// </summary>
internal static class DatabaseTraces
{
    private static readonly (string Program, string Kind)[] Servers =
    [
        ("postgres", "postgresql"),
        ("postmaster", "postgresql"),
        ("patroni", "postgresql"),
        ("mysqld", "mysql"),
        ("mysqld_safe", "mysql"),
        ("mariadbd", "mariadb"),
        ("mariadbd-safe", "mariadb"),
        ("redis-server", "redis"),
        ("redis-stack-server", "redis"),
        ("redis-sentinel", "redis"),
        ("valkey-server", "valkey"),
        ("keydb-server", "KeyDB"),
        ("mongod", "mongodb"),
        ("mongos", "mongodb"),
        ("sqlservr", "SQL Server"),
        ("launch_sqlservr.sh", "SQL Server"),
        ("runOracle.sh", "Oracle"),
        ("tnslsnr", "Oracle"),
        ("oracle", "Oracle"),
        ("db2sysc", "Db2"),
        ("db2start", "Db2"),
        ("hdbnameserver", "SAP HANA"),
        ("clickhouse-server", "ClickHouse"),
        ("influxd", "InfluxDB"),
        ("influxdb3", "InfluxDB"),
        ("cockroach", "CockroachDB"),
        ("yugabyted", "YugabyteDB"),
        ("yb-tserver", "YugabyteDB"),
        ("yb-master", "YugabyteDB"),
        ("tidb-server", "TiDB"),
        ("tikv-server", "TiDB"),
        ("pd-server", "TiDB"),
        ("qdrant", "Qdrant"),
        ("milvus", "Milvus"),
        ("weaviate", "Weaviate"),
        ("chroma", "Chroma"),
        ("etcd", "etcd"),
        ("dragonfly", "Dragonfly"),
        ("GarnetServer", "Garnet"),
        ("memcached", "Memcached"),
        ("rethinkdb", "RethinkDB"),
        ("arangod", "ArangoDB"),
        ("dgraph", "Dgraph"),
        ("surreal", "SurrealDB"),
        ("victoria-metrics", "VictoriaMetrics"),
        ("victoria-metrics-prod", "VictoriaMetrics"),
        ("prometheus", "Prometheus"),
        ("firebird", "Firebird"),
        ("fbguard", "Firebird"),
        ("cassandra", "Cassandra"),
        ("org.apache.cassandra.service.CassandraDaemon", "Cassandra"),
        ("scylla", "ScyllaDB"),
        ("neo4j", "Neo4j"),
        ("couchdb", "CouchDB"),
        ("couchbase-server", "Couchbase"),
        ("org.elasticsearch.bootstrap.Elasticsearch", "Elasticsearch"),
        ("eswrapper", "Elasticsearch"),
        ("elasticsearch", "Elasticsearch"),
        ("opensearch", "OpenSearch"),
        ("opensearch-docker-entrypoint.sh", "OpenSearch"),
        ("rabbitmq-server", "RabbitMQ"),
        ("kafka.Kafka", "Kafka"),
        ("kafka-server-start.sh", "Kafka"),
        ("redpanda", "Redpanda"),
        ("nats-server", "NATS"),
        ("minio", "MinIO"),
        ("zkServer.sh", "ZooKeeper"),
        ("memgraph", "Memgraph"),
        ("slapd", "LDAP directory"),
        ("sqld", "libSQL"),
        ("rqlited", "rqlite"),
        ("meilisearch", "Meilisearch"),
        ("typesense-server", "Typesense"),
        ("solr-foreground", "Solr"),
        ("aerospike", "Aerospike"),
        ("asd", "Aerospike"),
        ("taosd", "TDengine"),
        ("monetdbd", "MonetDB"),
        ("fdbserver", "FoundationDB"),
    ];

    // No host or option has such a name, so these count anywhere on the command line.
    private static readonly string[] Unmistakable =
    [
        "mysqld",
        "mysqld_safe",
        "mariadbd",
        "mariadbd-safe",
        "redis-server",
        "valkey-server",
        "keydb-server",
        "mongod",
        "sqlservr",
        "launch_sqlservr.sh",
        "runOracle.sh",
        "clickhouse-server",
        "influxd",
        "tidb-server",
        "tikv-server",
        "arangod",
        "rabbitmq-server",
        "nats-server",
        "etcd",
        "redis-stack-server",
    ];

    // Programs that start the program after them.
    private static readonly string[] Launchers = ["exec", "--", "tini", "dumb-init", "nohup", "catatonit", "sudo", "nice", "sh", "bash"];

    // Variables that the images set themselves. An app's settings for reaching its database have other names, and no such port.
    private static readonly (string Variable, string Port, string Kind)[] Images =
    [
        ("PG_VERSION", "5432/tcp", "postgresql"),
        ("PG_MAJOR", "5432/tcp", "postgresql"),
        ("PGDATA", "5432/tcp", "postgresql"),
        ("MARIADB_VERSION", "3306/tcp", "mariadb"),
        ("MYSQL_VERSION", "3306/tcp", "mysql"),
        ("MYSQL_MAJOR", "3306/tcp", "mysql"),
        ("VALKEY_VERSION", "6379/tcp", "valkey"),
        ("REDIS_VERSION", "6379/tcp", "redis"),
        ("MONGO_VERSION", "27017/tcp", "mongodb"),
        ("MONGO_MAJOR", "27017/tcp", "mongodb"),
        ("ACCEPT_EULA", "1433/tcp", "SQL Server"),
        ("MSSQL_PID", "1433/tcp", "SQL Server"),
        ("ORACLE_HOME", "1521/tcp", "Oracle"),
        ("ORACLE_SID", "1521/tcp", "Oracle"),
    ];

    // The data folders of these products' images.
    private static readonly (string Folder, string Kind)[] Folders =
    [
        ("/var/lib/postgresql", "postgresql"),
        ("/bitnami/postgresql", "postgresql"),
        ("/var/lib/pgsql", "postgresql"),
        ("/pgdata", "postgresql"),
        ("/var/lib/mysql", "mysql"),
        ("/bitnami/mysql", "mysql"),
        ("/bitnami/mariadb", "mariadb"),
        ("/data/db", "mongodb"),
        ("/var/lib/mongodb", "mongodb"),
        ("/bitnami/mongodb", "mongodb"),
        ("/bitnami/redis", "redis"),
        ("/bitnami/valkey", "valkey"),
        ("/var/lib/redis", "redis"),
        ("/var/lib/valkey", "valkey"),
        ("/var/opt/mssql", "SQL Server"),
        ("/opt/oracle/oradata", "Oracle"),
        ("/u01/app/oracle", "Oracle"),
        ("/var/lib/clickhouse", "ClickHouse"),
        ("/var/lib/influxdb", "InfluxDB"),
        ("/var/lib/influxdb2", "InfluxDB"),
        ("/usr/share/elasticsearch/data", "Elasticsearch"),
        ("/usr/share/opensearch/data", "OpenSearch"),
        ("/var/lib/cassandra", "Cassandra"),
        ("/var/lib/scylla", "ScyllaDB"),
        ("/var/lib/neo4j", "Neo4j"),
        ("/opt/couchdb/data", "CouchDB"),
        ("/opt/couchbase/var", "Couchbase"),
        ("/cockroach/cockroach-data", "CockroachDB"),
        ("/qdrant/storage", "Qdrant"),
        ("/var/lib/milvus", "Milvus"),
        ("/var/lib/weaviate", "Weaviate"),
        ("/chroma/chroma", "Chroma"),
        ("/var/lib/rabbitmq", "RabbitMQ"),
        ("/var/lib/kafka", "Kafka"),
        ("/var/lib/etcd", "etcd"),
        ("/etcd-data", "etcd"),
        ("/firebird/data", "Firebird"),
        ("/var/lib/firebird", "Firebird"),
        ("/database/config", "Db2"),
        ("/hana/mounts", "SAP HANA"),
        ("/var/lib/arangodb3", "ArangoDB"),
        ("/var/lib/rethinkdb", "RethinkDB"),
        ("/var/lib/questdb", "QuestDB"),
        ("/victoria-metrics-data", "VictoriaMetrics"),
        ("/prometheus", "Prometheus"),
        ("/var/lib/redpanda/data", "Redpanda"),
        ("/var/lib/ldap", "LDAP directory"),
        ("/meili_data", "Meilisearch"),
        ("/var/solr", "Solr"),
        ("/aerospike/data", "Aerospike"),
    ];

    // Ports that only one product uses.
    private static readonly (string Port, string Kind)[] Ports =
    [
        ("5432/tcp", "postgresql"),
        ("3306/tcp", "mysql"),
        ("27017/tcp", "mongodb"),
        ("6379/tcp", "redis"),
        ("1433/tcp", "SQL Server"),
        ("1521/tcp", "Oracle"),
        ("9042/tcp", "Cassandra"),
        ("7687/tcp", "Neo4j"),
        ("5984/tcp", "CouchDB"),
        ("9300/tcp", "Elasticsearch"),
        ("26257/tcp", "CockroachDB"),
        ("6334/tcp", "Qdrant"),
        ("19530/tcp", "Milvus"),
        ("2379/tcp", "etcd"),
        ("11211/tcp", "Memcached"),
        ("3050/tcp", "Firebird"),
        ("39017/tcp", "SAP HANA"),
        ("28015/tcp", "RethinkDB"),
        ("8529/tcp", "ArangoDB"),
        ("11210/tcp", "Couchbase"),
        ("5433/tcp", "YugabyteDB"),
        ("4369/tcp", "RabbitMQ"),
    ];

    /// <summary>The kind that its program or image shows; null for none.</summary>
    public static string? Find(ContainerInspectResponse container) =>
        ByProgram(container.Path, container.Args) ?? ByImage(container.Config);

    /// <summary>
    /// The kind that its volumes or ports suggest; null for none. Less sure than <see cref="Find"/>: a tool may have the same.
    /// </summary>
    public static string? HintOf(ContainerInspectResponse container) =>
        ByVolume(container.Mounts) ?? ByPort(container.Config?.ExposedPorts?.Keys);

    internal static string? ByProgram(string? path, IEnumerable<string>? arguments)
    {
        string[] words =
        [
            path ?? "",
            .. (arguments ?? []).SelectMany(argument =>
                argument.Split((char[])[' ', '\t', '\n', ';', '&', '"', '\''], StringSplitOptions.RemoveEmptyEntries)
            ),
        ];
        for (var i = 0; i < words.Length; i++)
        {
            var program = words[i][(words[i].LastIndexOfAny(['/', '\\']) + 1)..];
            program = program.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? program[..^4] : program;

            // Apps also use "postgres" as the name of a host to wait for. It counts only in the position of a program.
            if (
                Servers.FirstOrDefault(server => server.Program == program).Kind is { } kind
                && (Unmistakable.Contains(program) || IsProgram(words, i))
            )
            {
                return kind;
            }
        }

        return null;
    }

    internal static string? ByVolume(IEnumerable<MountPoint>? mounts) =>
        (mounts ?? [])
            .Where(mount => mount.RW)
            .Select(mount =>
                Folders
                    .FirstOrDefault(folder =>
                        mount.Destination == folder.Folder
                        || mount.Destination?.StartsWith(folder.Folder + '/', StringComparison.Ordinal) == true
                    )
                    .Kind
            )
            .FirstOrDefault(kind => kind is not null);

    internal static string? ByPort(IEnumerable<string>? exposed) =>
        (exposed ?? []).Select(port => Ports.FirstOrDefault(known => known.Port == port).Kind).FirstOrDefault(kind => kind is not null);

    private static string? ByImage(ContainerConfig? config)
    {
        var names = (config?.Env ?? []).Select(variable => variable.Split('=')[0]).ToHashSet(StringComparer.Ordinal);
        return Images.FirstOrDefault(image => names.Contains(image.Variable) && config?.ExposedPorts?.ContainsKey(image.Port) == true).Kind;
    }

    // A path is a program where it comes first or lies in a folder of programs. An argument such as /data/postgres is not one.
    private static bool IsProgram(string[] words, int i) =>
        i == 0
        || Launchers.Contains(words[i - 1])
        || words[i - 1].EndsWith("entrypoint.sh", StringComparison.Ordinal)
        || words[i - 1].EndsWith("entrypoint", StringComparison.Ordinal)
        || words[i].Contains("/bin/", StringComparison.Ordinal)
        || words[i].Contains("/sbin/", StringComparison.Ordinal)
        || words[i].Contains("/libexec/", StringComparison.Ordinal)
        || words[i - 1] == "-c";
}
