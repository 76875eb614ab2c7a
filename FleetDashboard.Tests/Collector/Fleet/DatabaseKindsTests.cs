using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Fleet;

public sealed class DatabaseKindsTests
{
    [Theory]
    [InlineData("postgres:16", "web", "postgresql", true)]
    [InlineData("registry.example:5000/library/postgres:16@sha256:0123", "web", "postgresql", true)]
    [InlineData("timescale/timescaledb-ha:pg16", "store", "postgresql", true)]
    [InlineData("mariadb:11", "store", "mariadb", true)]
    [InlineData("percona/percona-server:8", "store", "mysql", true)]
    [InlineData("valkey/valkey:8", "cache", "valkey", true)]
    [InlineData("bitnami/redis-cluster:7", "cache", "redis", true)]
    [InlineData("mongo:7", "store", "mongodb", true)]
    [InlineData("acme/special:1", "db", null, true)]
    [InlineData("acme/special:1", "main-db-2", null, true)]
    [InlineData("acme/special:1", "mysql8", null, true)]
    [InlineData("acme/web:1", "web", null, false)]
    [InlineData("oliver006/redis_exporter:v1", "redis-exporter", null, false)]
    [InlineData("dpage/pgadmin4:8", "postgres-admin", null, false)]
    [InlineData("mongo-express:1", "mongo", null, false)]
    [InlineData("acme/adbwriter:1", "feedback", null, false)]
    public void Container_OfThisImageAndName_IsADatabaseOrNot(string image, string service, string? kind, bool isProtected)
    {
        var container = Facts.Container("app-" + service) with { Image = image };

        Assert.Equal(kind, DatabaseKinds.KindOf(container));
        Assert.Equal(isProtected, DatabaseKinds.ReasonOf(container, service) is not null);
    }

    [Theory]
    [InlineData("mcr.microsoft.com/mssql/server:2022-latest", "SQL Server database, by its image", null)]
    [InlineData("mcr.microsoft.com/mssql/rhel/server:2022", "SQL Server database, by its image", null)]
    [InlineData("mcr.microsoft.com/mssql/server@sha256:0123", "SQL Server database, by its image", null)]
    [InlineData("mcr.microsoft.com/azure-sql-edge", "SQL Server database, by its image", null)]
    [InlineData("container-registry.oracle.com/database/free:23.5", "Oracle database, by its image", null)]
    [InlineData("container-registry.oracle.com/database/enterprise:21.3.0.0", "Oracle database, by its image", null)]
    [InlineData("store/oracle/database-enterprise:12.2", "Oracle database, by its image", null)]
    [InlineData("gvenzl/oracle-xe:21-slim", "Oracle database, by its image", null)]
    [InlineData("gvenzl/oracle-free", "Oracle database, by its image", null)]
    [InlineData("percona/percona-server-mongodb:7", "MongoDB database, by its image", "mongodb")]
    [InlineData("percona/percona-distribution-postgresql:16", "PostgreSQL database, by its image", "postgresql")]
    [InlineData("percona/percona-xtradb-cluster:8", "MySQL database, by its image", "mysql")]
    [InlineData("mongodb/mongodb-community-server:7", "MongoDB database, by its image", "mongodb")]
    [InlineData("ghcr.io/cloudnative-pg/postgresql:16", "PostgreSQL database, by its image", "postgresql")]
    [InlineData("pgvector/pgvector:pg16", "PostgreSQL database, by its image", "postgresql")]
    [InlineData("bitnami/mariadb-galera:11", "MariaDB database, by its image", "mariadb")]
    [InlineData("redis/redis-stack-server", "Redis database, by its image", "redis")]
    [InlineData("docker.io/mysql/mysql-server:8", "MySQL database, by its image", "mysql")]
    [InlineData("docker.io/mysql/community-server:8", "MySQL database, by its image", "mysql")]
    [InlineData("eqalpha/keydb", "KeyDB database, by its image", null)]
    [InlineData("docker.dragonflydb.io/dragonflydb/dragonfly", "Dragonfly database, by its image", null)]
    [InlineData("ghcr.io/microsoft/garnet", "Garnet database, by its image", null)]
    [InlineData("clickhouse/clickhouse-server:24", "ClickHouse database, by its image", null)]
    [InlineData("influxdb:2", "InfluxDB database, by its image", null)]
    [InlineData("docker.elastic.co/elasticsearch/elasticsearch:8.15.0", "Elasticsearch database, by its image", null)]
    [InlineData("opensearchproject/opensearch:2", "OpenSearch database, by its image", null)]
    [InlineData("scylladb/scylla", "ScyllaDB database, by its image", null)]
    [InlineData("neo4j:5", "Neo4j database, by its image", null)]
    [InlineData("couchdb:3", "CouchDB database, by its image", null)]
    [InlineData("couchbase/server:7", "Couchbase database, by its image", null)]
    [InlineData("cockroachdb/cockroach:v24", "CockroachDB database, by its image", null)]
    [InlineData("yugabytedb/yugabyte", "YugabyteDB database, by its image", null)]
    [InlineData("pingcap/tidb:v8", "TiDB database, by its image", null)]
    [InlineData("qdrant/qdrant", "Qdrant database, by its image", null)]
    [InlineData("milvusdb/milvus:v2.4", "Milvus database, by its image", null)]
    [InlineData("cr.weaviate.io/semitechnologies/weaviate:1.26", "Weaviate database, by its image", null)]
    [InlineData("ghcr.io/chroma-core/chroma", "Chroma database, by its image", null)]
    [InlineData("quay.io/coreos/etcd:v3.5", "etcd database, by its image", null)]
    [InlineData("icr.io/db2_community/db2", "Db2 database, by its image", null)]
    [InlineData("saplabs/hanaexpress", "SAP HANA database, by its image", null)]
    [InlineData("jacobalberty/firebird", "Firebird database, by its image", null)]
    [InlineData("prom/prometheus:v3", "Prometheus database, by its image", null)]
    [InlineData("victoriametrics/victoria-metrics", "VictoriaMetrics database, by its image", null)]
    [InlineData("memcached:1.6", "Memcached cache, by its image", null)]
    [InlineData("rabbitmq:4-management", "RabbitMQ message broker, by its image", null)]
    [InlineData("apache/kafka:3.8", "Kafka message broker, by its image", null)]
    [InlineData("nats:2.10", "NATS message broker, by its image", null)]
    [InlineData("minio/minio", "MinIO object store, by its image", null)]
    [InlineData("hashicorp/vault", "Vault store of secrets, by its image", null)]
    [InlineData("acme/base:postgres-16", "PostgreSQL database, by its image", "postgresql")]
    public void Store_OfAnyVendor_IsProtectedAndNamed(string image, string reason, string? kind)
    {
        var container = Facts.Container("app-x") with { Image = image };

        Assert.Equal(reason, DatabaseKinds.ReasonOf(container, "x"));
        Assert.Equal(kind, DatabaseKinds.KindOf(container));
    }

    [Theory]
    [InlineData("prometheuscommunity/postgres-exporter", "postgres-exporter")]
    [InlineData("prom/mysqld-exporter", "mysqld-exporter")]
    [InlineData("percona/mongodb_exporter:0.40", "exporter")]
    [InlineData("quay.io/prometheus/node-exporter", "node")]
    [InlineData("phpmyadmin:5", "phpmyadmin")]
    [InlineData("adminer", "adminer")]
    [InlineData("rediscommander/redis-commander", "redis-commander")]
    [InlineData("redis/redisinsight:2", "insight")]
    [InlineData("edoburu/pgbouncer", "pgbouncer")]
    [InlineData("postgrest/postgrest", "rest")]
    [InlineData("prodrigestivill/postgres-backup-local", "backup")]
    [InlineData("mysql/mysql-router:8", "router")]
    [InlineData("mcr.microsoft.com/mssql-tools", "tools")]
    [InlineData("mariadb/maxscale", "maxscale")]
    [InlineData("minio/mc", "mc")]
    [InlineData("oraclelinux:9", "app")]
    [InlineData("ghcr.io/oracle/oraclelinux:9", "app")]
    [InlineData("container-registry.oracle.com/java/jdk:21", "app")]
    [InlineData("prom/alertmanager", "alertmanager")]
    [InlineData("grafana/grafana", "grafana")]
    [InlineData("docker.elastic.co/kibana/kibana:8", "kibana")]
    [InlineData("vaultwarden/server", "vaultwarden")]
    [InlineData("acme/app:1", "db-migrate")]
    [InlineData("acme/app:1", "redis-exporter")]
    [InlineData("acme/app:1", "cache-warmer")]
    [InlineData("acme/app:1", "kafka-consumer")]
    [InlineData("acme/app:1", "sql-api")]
    [InlineData("nginx:1.27", "web")]
    [InlineData("sha256:0123456789abcdef", "web")]
    [InlineData("", "web")]
    public void Tool_OrOrdinaryProgram_IsNotProtected(string image, string service) =>
        Assert.Null(DatabaseKinds.ReasonOf(Facts.Container("app-x") with { Image = image }, service));

    [Theory]
    [InlineData("mssql")]
    [InlineData("sql")]
    [InlineData("oracle")]
    [InlineData("cache")]
    [InlineData("postgres-primary")]
    [InlineData("SQL1")]
    [InlineData("my_sqlserver")]
    [InlineData("clickhouse-0")]
    [InlineData("database")]
    public void Service_OfThisName_IsProtectedWhateverItsImage(string service) =>
        Assert.Equal("database, by its name", DatabaseKinds.ReasonOf(Facts.Container("x") with { Image = "acme/own:1" }, service));

    [Theory]
    [InlineData("/opt/mssql/bin/launch_sqlservr.sh", "/opt/mssql/bin/sqlservr", "SQL Server")]
    [InlineData("/opt/mssql/bin/sqlservr", "", "SQL Server")]
    [InlineData("/bin/bash", "-c|/opt/oracle/runOracle.sh", "Oracle")]
    [InlineData("docker-entrypoint.sh", "mongod", "mongodb")]
    [InlineData("docker-entrypoint.sh", "cassandra|-f", "Cassandra")]
    [InlineData("/entrypoint.sh", "clickhouse-server", "ClickHouse")]
    [InlineData("tini", "--|/usr/share/elasticsearch/bin/elasticsearch", "Elasticsearch")]
    [InlineData("/usr/local/bin/etcd", "--name|n1", "etcd")]
    [InlineData("sh", "-c|exec valkey-server /etc/v.conf", "valkey")]
    [InlineData("node", "server.js|--db|cassandra", null)]
    [InlineData("wait-for", "oracle:1521|--|node", null)]
    [InlineData("pg_dump", "-h|postgres", null)]
    public void Program_OfAStore_GivesItAway(string path, string arguments, string? kind) =>
        Assert.Equal(kind, DatabaseTraces.ByProgram(path, arguments.Split('|')));

    [Theory]
    [InlineData("/var/opt/mssql", true, "SQL Server")]
    [InlineData("/var/lib/postgresql/data", true, "postgresql")]
    [InlineData("/qdrant/storage", true, "Qdrant")]
    [InlineData("/var/lib/mysql", false, null)] // Read-only: a backup that looks.
    [InlineData("/var/lib/mysqlx", true, null)]
    [InlineData("/data", true, null)]
    public void Volume_AtTheUsualPlace_SuggestsAStore(string destination, bool writes, string? kind) =>
        Assert.Equal(kind, DatabaseTraces.ByVolume([new Docker.DotNet.Models.MountPoint { Destination = destination, RW = writes }]));

    [Fact]
    public void Hint_IsTheLastTrace_AndNotForTools()
    {
        var container = Facts.Container("x") with { Image = "acme/own:1", DatabaseHint = "SQL Server" };

        Assert.Equal("probably a SQL Server database, by its volumes or ports", DatabaseKinds.ReasonOf(container, "core"));
        Assert.Null(DatabaseKinds.ReasonOf(container with { Image = "edoburu/pgbouncer" }, "core"));
    }
}
