namespace FleetDashboard.Collector.Fleet;

/// <summary>A product that keeps data.</summary>
/// <param name="Name">As people call it.</param>
/// <param name="Words">What the name of an image of it contains, in lower case.</param>
/// <param name="Kind">The kind whose size can be read; null where nothing here looks into it.</param>
internal sealed record DatabaseProduct(string Name, string[] Words, string? Kind = null)
{
    /// <summary>What it is in a sentence.</summary>
    public string What { get; init; } = "database";
}

/// <summary>
/// The products that are taken for databases. Queues, object stores and coordination services are among them: all keep data that a restart at the wrong
/// moment can cost, and protecting one too many costs an operator a command by hand.
/// </summary>
internal static class DatabaseProducts
{
    /// <summary>The first whose word is found counts, so a vendor's other products stand before the vendor.</summary>
    public static readonly DatabaseProduct[] All =
    [
        new("YugabyteDB", ["yugabyte"]), new("CockroachDB", ["cockroach"]), new("Greenplum", ["greenplum", "gpdb"]),
        new("PostgreSQL", ["postgres", "postgis", "timescale", "pgvector", "pgvecto", "spilo", "edb-as", "babelfish"], "postgresql"),
        new("MongoDB", ["mongo"], "mongodb"), new("DocumentDB", ["documentdb", "ferretdb"]),
        new("Valkey", ["valkey"], "valkey"), new("KeyDB", ["keydb"]), new("Dragonfly", ["dragonfly"]), new("Garnet", ["garnet"]), new("Redis", ["redis"], "redis"),
        new("TiDB", ["tidb", "tikv"]), new("Vitess", ["vitess"]), new("SingleStore", ["singlestore", "memsql"]), new("OceanBase", ["oceanbase"]), new("StarRocks", ["starrocks"]),
        new("MariaDB", ["mariadb"], "mariadb"), new("MySQL", ["mysql", "percona-server", "xtradb", "percona"], "mysql"),
        new("SQL Server", ["mssql", "sqlserver", "sql-server", "azure-sql"]), new("Oracle", ["oracle-xe", "oracle-free", "oracle-db", "oracle-database", "oracledb", "oracle-ee", "oracle-se", "oracle-11g", "oracle-12c", "oracle-19c"]),
        new("Db2", ["db2"]), new("SAP HANA", ["hanaexpress", "saphana", "hana-express"]), new("Firebird", ["firebird"]), new("Informix", ["informix"]), new("Sybase", ["sybase"]), new("Vertica", ["vertica"]),
        new("Teradata", ["teradata"]), new("IRIS", ["iris-community", "intersystems"]), new("VoltDB", ["voltdb"]), new("H2", ["h2-database", "h2database"]), new("Derby", ["apache-derby"]), new("rqlite", ["rqlite"]),
        new("libSQL", ["libsql", "sqld"]), new("Dolt", ["dolt-sql", "dolthub"]), new("immudb", ["immudb"]), new("FoundationDB", ["foundationdb"]), new("Aerospike", ["aerospike"]), new("Tarantool", ["tarantool"]),
        new("Cassandra", ["cassandra"]), new("ScyllaDB", ["scylla"]), new("HBase", ["hbase"]), new("CouchDB", ["couchdb"]), new("Couchbase", ["couchbase"]), new("RavenDB", ["ravendb"]), new("PouchDB", ["pouchdb"]),
        new("RethinkDB", ["rethinkdb"]), new("ArangoDB", ["arangodb", "arango"]), new("OrientDB", ["orientdb"]), new("Neo4j", ["neo4j"]), new("Memgraph", ["memgraph"]), new("JanusGraph", ["janusgraph"]),
        new("Dgraph", ["dgraph"]), new("NebulaGraph", ["nebula-graph", "nebula-storaged", "nebula-metad"]), new("FalkorDB", ["falkordb"]), new("SurrealDB", ["surrealdb"]), new("EdgeDB", ["edgedb", "geldata"]), new("PocketBase", ["pocketbase"]),
        new("Virtuoso", ["virtuoso"]), new("GraphDB", ["graphdb"]), new("Blazegraph", ["blazegraph"]), new("Fuseki", ["fuseki"]), new("KurrentDB", ["eventstore", "kurrentdb"]),
        new("ClickHouse", ["clickhouse"]), new("InfluxDB", ["influxdb"]), new("QuestDB", ["questdb"]), new("VictoriaMetrics", ["victoria-metrics", "victoriametrics", "vmstorage", "vmsingle", "victoria-logs"]),
        new("Prometheus", ["prometheus"]), new("Thanos", ["thanos"]), new("Mimir", ["mimir"]), new("Cortex", ["cortex"]), new("Loki", ["grafana-loki", "loki"]), new("OpenTSDB", ["opentsdb"]), new("TDengine", ["tdengine"]),
        new("IoTDB", ["iotdb"]), new("GreptimeDB", ["greptime"]), new("M3DB", ["m3db"]), new("Graphite", ["graphite"]), new("CrateDB", ["cratedb"]), new("Druid", ["druid"]), new("Pinot", ["apachepinot"]), new("Doris", ["apache-doris", "doris"]),
        new("Elasticsearch", ["elasticsearch"]), new("OpenSearch", ["opensearch"]), new("Solr", ["solr"]), new("Meilisearch", ["meilisearch"]), new("Typesense", ["typesense"]), new("Manticore", ["manticore"]),
        new("Sphinx", ["sphinxsearch"]), new("Quickwit", ["quickwit"]), new("ZincSearch", ["zincsearch", "zinclabs"]), new("Vespa", ["vespa"]), new("Sonic", ["valeriansaliou-sonic"]),
        new("Qdrant", ["qdrant"]), new("Milvus", ["milvus"]), new("Weaviate", ["weaviate"]), new("Chroma", ["chromadb", "chroma"]), new("Marqo", ["marqo"]), new("LanceDB", ["lancedb"]), new("Vald", ["vald-agent"]),
        new("etcd", ["etcd"]), new("ZooKeeper", ["zookeeper"]), new("Consul", ["consul"]) { What = "key-value store" }, new("Vault", ["vault", "openbao"]) { What = "store of secrets" },
        new("Memcached", ["memcached"]) { What = "cache" }, new("Hazelcast", ["hazelcast"]) { What = "data grid" }, new("Ignite", ["ignite"]) { What = "data grid" }, new("Infinispan", ["infinispan"]) { What = "data grid" },
        new("RabbitMQ", ["rabbitmq"]) { What = "message broker" }, new("Kafka", ["kafka"]) { What = "message broker" }, new("Redpanda", ["redpanda"]) { What = "message broker" }, new("Pulsar", ["pulsar"]) { What = "message broker" },
        new("ActiveMQ", ["activemq", "artemis"]) { What = "message broker" }, new("NATS", ["nats"]) { What = "message broker" }, new("RocketMQ", ["rocketmq"]) { What = "message broker" }, new("EMQX", ["emqx"]) { What = "message broker" },
        new("MinIO", ["minio"]) { What = "object store" }, new("SeaweedFS", ["seaweedfs"]) { What = "object store" }, new("Garage", ["dxflrs-garage"]) { What = "object store" }, new("RustFS", ["rustfs"]) { What = "object store" },
        new("Ceph", ["ceph"]) { What = "object store" }, new("LDAP directory", ["openldap", "389ds", "lldap"]),
    ];

    /// <summary>Tools that carry a database's name and hold no data of it, by a part of the image's name.</summary>
    public static readonly string[] Tools =
    [
        "exporter", "admin", "commander", "mongo-express", "mongoose", "insight", "proxy", "pgbouncer", "pgpool", "pgcat", "odyssey", "maxscale", "backup", "operator", "dashboards", "reaper", "postgrest",
        "migrat", "kibana", "dump", "pgbackrest", "barman", "walg", "wal-g", "litestream", "replicator", "schema-registry", "schemaregistry", "kafdrop", "akhq", "kafka-ui", "kafka-connect", "cruise-control",
        "pushgateway", "alertmanager", "blackbox", "promtail", "remote-write-adapter", "config-reloader", "configmap-reload", "vmagent", "vmalert", "vmauth", "canary", "surveyor", "nats-box", "vaultwarden", "vault-agent", "consul-template", "registrator",
        "cerebro", "elasticvue", "elasticsearch-head", "elasticdump", "curator", "metabeat", "filebeat", "heartbeat", "logstash", "fluent", "telegraf", "chronograf", "kapacitor", "neodash", "ravendb-studio",
        "attu", "flyway", "liquibase", "oauth", "toolbox", "testcontainers", "benchmark", "pgbench", "sysbench", "mysqltuner", "pgbadger", "pganalyze", "instantclient", "jdk", "rediscover",
    ];

    /// <summary>Tools by a whole word of the image's name: as parts they would be in too many others.</summary>
    public static readonly string[] ToolWords =
        ["client", "clients", "cli", "tools", "tool", "shell", "router", "rest", "ui", "gui", "web", "webui", "mc", "connect", "console", "agent", "sidecar", "monitor", "monitoring", "manager", "viewer", "browser", "ha-proxy", "bridge", "gateway", "sync", "seeder", "init", "wait"];

    /// <summary>Words of a service's name by which a container of an unknown image counts as a database.</summary>
    public static readonly string[] ServiceNames =
    [
        "db", "dbs", "database", "databases", "datastore", "postgres", "postgresql", "pg", "pgsql", "postgis", "timescale", "timescaledb", "pgvector", "mariadb", "mysql", "percona", "redis", "valkey", "keydb", "dragonfly", "garnet",
        "mongo", "mongodb", "mssql", "sql", "sqlserver", "sqldb", "oracle", "oracledb", "db2", "hana", "firebird", "cache", "memcached", "memcache", "cassandra", "scylla", "scylladb", "couchdb", "couchbase", "couch", "cockroach",
        "cockroachdb", "crdb", "yugabyte", "yugabytedb", "tidb", "tikv", "clickhouse", "influxdb", "influx", "questdb", "victoriametrics", "prometheus", "elasticsearch", "elastic", "opensearch", "solr", "meilisearch", "typesense",
        "neo4j", "arangodb", "arango", "dgraph", "surrealdb", "rethinkdb", "memgraph", "ravendb", "qdrant", "milvus", "weaviate", "chroma", "chromadb", "etcd", "zookeeper", "consul", "vault", "rabbitmq", "kafka", "redpanda",
        "pulsar", "nats", "minio", "seaweedfs", "vectordb", "tsdb", "mongod", "mysqld", "psql",
    ];

    /// <summary>Words of a service's name that say that it works on a database, and is none.</summary>
    public static readonly string[] ServiceWorkers =
    [
        "exporter", "admin", "adminer", "phpmyadmin", "pgadmin", "commander", "express", "insight", "proxy", "pgbouncer", "backup", "backups", "operator", "dashboards", "dashboard", "reaper", "migrate", "migration", "migrations",
        "migrator", "seeder", "client", "consumer", "producer", "worker", "api", "web", "ui", "frontend", "warmer", "connector", "adapter", "monitor", "gui", "console", "connect", "sync", "dump", "init", "cleaner", "importer", "loader", "indexer",
    ];
}
