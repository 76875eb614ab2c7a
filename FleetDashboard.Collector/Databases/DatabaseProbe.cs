namespace FleetDashboard.Collector.Databases;

/// <summary>
/// The question put to one kind of database: a fixed script that runs inside its container, with the credentials that the container's
/// own environment holds. Nothing a caller supplied is in it, and no secret passes through this process.
/// </summary>
/// <param name="Script">What the container's shell is given.</param>
/// <param name="Client">The program that must be in the image, in words.</param>
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

    /// <summary>The command; it ends itself after <paramref name="limit"/>, because the engine could not end it.</summary>
    public IReadOnlyList<string> Command(TimeSpan limit) => ["sh", "-c", Script, "fleet-probe", $"{(int)limit.TotalSeconds}"];

    private static DatabaseProbe Load(string name, string client) => new($"{Read("guard")}\n{Read(name)}", client);

    // Without its comments: the script is one argument in a list of processes.
    private static string Read(string name)
    {
        using var stream =
            typeof(DatabaseProbe).Assembly.GetManifestResourceStream($"{name}.sh")
            ?? throw new InvalidOperationException($"The script {name}.sh is not in the assembly.");
        using var reader = new StreamReader(stream);
        return string.Join('\n', reader.ReadToEnd().Split('\n').Where(line => line.Trim() is { Length: > 0 } text && text[0] != '#'));
    }
}
