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

    // Tools that carry a database's name and hold no data.
    private static readonly string[] Tools = ["exporter", "admin", "commander", "express", "insight", "proxy", "pgbouncer", "backup", "operator"];

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

        var parts = service.ToLowerInvariant().Split('-', '_', '.');
        return !IsTool(Repository(container.Image)) && !parts.Any(part => Tools.Contains(part)) && parts.Any(part => Names.Contains(part.TrimEnd("0123456789".ToCharArray())))
            ? "database, by its name"
            : null;
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
