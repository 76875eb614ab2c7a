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
}
