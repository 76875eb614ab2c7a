namespace FleetDashboard.Collector.Databases;

/// <summary>
/// The size query for one kind of database: a fixed script that runs inside its container, with the credentials of the container's own
/// environment. It contains nothing from a caller, and no secret passes through this process.
/// </summary>
/// <param name="Script">The script for the container's shell.</param>
/// <param name="Client">The program that must be in the image, for error messages.</param>
internal sealed record DatabaseProbe(string Script, string Client)
{
    private static readonly DatabaseProbe MySql = Load("mysql", "mariadb or mysql client");
    private static readonly DatabaseProbe Redis = Load("redis", "redis-cli or valkey-cli");
    private static readonly DatabaseProbe PostgreSql = Load("postgresql", "psql");
    private static readonly DatabaseProbe MongoDb = Load("mongodb", "mongosh");

    /// <summary>The probe for a kind as in <c>DatabaseKinds</c>.</summary>
    public static DatabaseProbe? Find(string kind) =>
        kind switch
        {
            "postgresql" => PostgreSql,
            "mysql" or "mariadb" => MySql,
            "redis" or "valkey" => Redis,
            "mongodb" => MongoDb,
            _ => null,
        };

    /// <summary>The command. It ends itself after <paramref name="limit"/>, because the engine cannot end it.</summary>
    public IReadOnlyList<string> Command(TimeSpan limit) => ["sh", "-c", Script, "fleet-probe", $"{(int)limit.TotalSeconds}"];

    private static DatabaseProbe Load(string name, string client) => new($"{Read("guard")}\n{Read(name)}", client);

    // Without comments: the script is an argument, and the list of processes shows it.
    private static string Read(string name)
    {
        using var stream =
            typeof(DatabaseProbe).Assembly.GetManifestResourceStream($"{name}.sh")
            ?? throw new InvalidOperationException($"The script {name}.sh is not in the assembly.");
        using var reader = new StreamReader(stream);
        return string.Join('\n', reader.ReadToEnd().Split('\n').Where(line => line.Trim() is { Length: > 0 } text && text[0] != '#'));
    }
}
