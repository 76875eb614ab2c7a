using FleetDashboard.ServiceDefaults;
using Microsoft.Data.Sqlite;

namespace FleetDashboard.Collector.Audit;

/// <summary>
/// The trail's file, opened by its only writer: SQLite, every commit on disk before it returns, locked against a second Collector.
/// </summary>
internal sealed class TrailFile : IDisposable
{
    public const string Name = "audit.db";

    private const int BusySeconds = 5;
    private const int SchemaVersion = 1;

    private const string Schema = """
        CREATE TABLE records (
            sequence INTEGER PRIMARY KEY, at TEXT NOT NULL, user TEXT NOT NULL, subject TEXT, role TEXT, source TEXT, action TEXT NOT NULL,
            app TEXT, container TEXT, container_id TEXT, phase TEXT NOT NULL, outcome TEXT, reason TEXT, job TEXT, image_before TEXT,
            image_after TEXT, duration_ms INTEGER, previous_hash TEXT NOT NULL, hash TEXT NOT NULL) STRICT;
        CREATE INDEX records_job ON records (job) WHERE job IS NOT NULL;
        CREATE INDEX records_at ON records (at);
        CREATE TABLE ends (name TEXT PRIMARY KEY, sequence INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
        CREATE TABLE pulse (id INTEGER PRIMARY KEY CHECK (id = 1), beat INTEGER NOT NULL) STRICT;
        INSERT INTO pulse VALUES (1, 0);
        """;

    private readonly FileStream _lock;

    private TrailFile(FileStream held, SqliteConnection connection) => (_lock, Connection) = (held, connection);

    public SqliteConnection Connection { get; }

    /// <exception cref="TrailInUseException">Another Collector has locked it.</exception>
    public static TrailFile Open(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        PrivateFolder.Create(folder, "*");
        var held = Lock(path + ".lock", folder);
        SqliteConnection? connection = null;
        try
        {
            MakeFile(path);
            connection = Connect(path, SqliteOpenMode.ReadWrite);

            // A rollback journal whose removal is synced too (EXTRA): committed records are on disk, and the trail is a single file that
            // can be read even on a full or read-only disk. The setting is per connection, and only this connection writes.
            Execute(connection, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;");
            Migrate(connection, path);
            return new TrailFile(held, connection);
        }
        catch
        {
            connection?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection for reading. Any number may be open.</summary>
    public static SqliteConnection OpenToRead(string path) => Connect(path, SqliteOpenMode.ReadOnly);

    public void Dispose()
    {
        Connection.Dispose();
        _lock.Dispose();
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = mode,
                Pooling = false, // a pooled connection from before a disk failure keeps failing afterwards
                DefaultTimeout = BusySeconds,
            }.ToString()
        );
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Migrate(SqliteConnection connection, string path)
    {
        using var ask = connection.CreateCommand();
        ask.CommandText = "PRAGMA user_version";
        switch (Convert.ToInt32(ask.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture))
        {
            case SchemaVersion:
                return;
            case 0:
                Execute(connection, $"BEGIN IMMEDIATE; {Schema} PRAGMA user_version = {SchemaVersion}; COMMIT;");
                return;
            case var newer:
                throw new InvalidDataException(
                    $"{path} was written by a newer version (schema {newer}; this version supports {SchemaVersion})."
                );
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static FileStream Lock(string path, string folder)
    {
        const int wouldBlock = 11; // EAGAIN
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException held) when (held.HResult == wouldBlock)
        {
            throw new TrailInUseException(
                $"Another Collector is using {folder}. Stop it, or set Data:Path (Data__Path) to a separate folder."
            );
        }
    }

    // SQLite would create a world-readable file, and its journal with the same permissions.
    private static void MakeFile(string path)
    {
        if (OperatingSystem.IsWindows() || File.Exists(path))
        {
            return;
        }

        new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        ).Dispose();
    }
}
