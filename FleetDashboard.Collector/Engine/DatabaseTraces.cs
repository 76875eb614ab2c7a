using Docker.DotNet.Models;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// What gives a database away when neither its image's name nor its own does: the program it runs, or the version its image was built with
/// together with the port it opens. Only the kind leaves this class; environment and command do not.
/// </summary>
internal static class DatabaseTraces
{
    private static readonly (string Program, string Kind)[] Servers =
    [
        ("postgres", "postgresql"), ("mysqld", "mysql"), ("mysqld_safe", "mysql"), ("mariadbd", "mariadb"), ("mariadbd-safe", "mariadb"),
        ("redis-server", "redis"), ("valkey-server", "valkey"), ("keydb-server", "redis"), ("mongod", "mongodb"),
    ];

    // The images' own variables: what an app is given to reach its database has other names, and no such port.
    private static readonly (string Variable, string Port, string Kind)[] Images =
    [
        ("PG_VERSION", "5432/tcp", "postgresql"), ("PG_MAJOR", "5432/tcp", "postgresql"), ("PGDATA", "5432/tcp", "postgresql"),
        ("MARIADB_VERSION", "3306/tcp", "mariadb"), ("MYSQL_VERSION", "3306/tcp", "mysql"), ("MYSQL_MAJOR", "3306/tcp", "mysql"),
        ("VALKEY_VERSION", "6379/tcp", "valkey"), ("REDIS_VERSION", "6379/tcp", "redis"),
        ("MONGO_VERSION", "27017/tcp", "mongodb"), ("MONGO_MAJOR", "27017/tcp", "mongodb"),
    ];

    /// <summary>The kind, or null where nothing gives one away.</summary>
    public static string? Of(ContainerInspectResponse container) => ByProgram(container.Path, container.Args) ?? ByImage(container.Config);

    internal static string? ByProgram(string? path, IEnumerable<string>? arguments)
    {
        string[] words = [path ?? "", .. (arguments ?? []).SelectMany(argument => argument.Split((char[])[' ', '\t', '\n', ';', '&'], StringSplitOptions.RemoveEmptyEntries))];
        for (var i = 0; i < words.Length; i++)
        {
            var program = words[i][(words[i].LastIndexOf('/') + 1)..];

            // "postgres" is also what apps call the host they wait for: it counts where a program stands.
            if (Servers.FirstOrDefault(server => server.Program == program).Kind is { } kind
                && (program != "postgres" || i == 0 || words[i].Contains('/') || words[i - 1] is "exec" || IsEntrypoint(words[i - 1])))
            {
                return kind;
            }
        }

        return null;
    }

    private static string? ByImage(ContainerConfig? config)
    {
        var names = (config?.Env ?? []).Select(variable => variable.Split('=')[0]).ToHashSet(StringComparer.Ordinal);
        return Images.FirstOrDefault(image => names.Contains(image.Variable) && config?.ExposedPorts?.ContainsKey(image.Port) == true).Kind;
    }

    private static bool IsEntrypoint(string word) => word.EndsWith("entrypoint.sh", StringComparison.Ordinal);
}
