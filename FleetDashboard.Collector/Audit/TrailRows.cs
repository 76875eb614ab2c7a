using System.Globalization;
using FleetDashboard.Contracts;
using Microsoft.Data.Sqlite;

namespace FleetDashboard.Collector.Audit;

/// <summary>Converts records to rows and back.</summary>
internal static class TrailRows
{
    private const string Columns =
        "sequence, at, user, subject, role, source, action, app, container, container_id, phase, outcome, reason, job, image_before, "
        + "image_after, duration_ms, previous_hash, hash";

    public const string Select = $"SELECT {Columns} FROM records ";

    /// <summary>
    /// The newest record, which the next one continues. Stored separately, so that removing the newest records is detected.
    /// </summary>
    public const string Head = "head";

    /// <summary>The last record that retention removed, where the chain now starts.</summary>
    public const string Anchor = "anchor";

    private static readonly string Insert =
        $"INSERT INTO records ({Columns}) VALUES ({string.Join(", ", Columns.Split(", ").Select(column => "@" + column))})";

    public static void Write(SqliteConnection connection, AuditRecord record)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Insert;
        ReadOnlySpan<object?> values =
        [
            record.Sequence,
            CanonicalForm.Time(record.At),
            record.User,
            record.Subject,
            record.Role,
            record.Source,
            record.Action,
            record.App,
            record.Container,
            record.ContainerId,
            record.Phase,
            record.Outcome,
            record.Reason,
            record.Job,
            record.ImageBefore,
            record.ImageAfter,
            record.DurationMs,
            record.PreviousHash,
            record.Hash,
        ];
        var names = Columns.Split(", ");
        for (var i = 0; i < names.Length; i++)
        {
            command.Parameters.AddWithValue("@" + names[i], values[i] ?? DBNull.Value);
        }

        command.ExecuteNonQuery();
    }

    /// <exception cref="FormatException">The timestamp is malformed: the record was edited.</exception>
    public static AuditRecord Read(SqliteDataReader row) =>
        new()
        {
            Sequence = row.GetInt64(0),
            At =
                CanonicalForm.ParseTime(row.GetString(1))
                ?? throw new FormatException($"Record {row.GetInt64(0)} has a malformed " + $"timestamp."),
            User = row.GetString(2),
            Subject = Text(row, 3),
            Role = Text(row, 4),
            Source = Text(row, 5),
            Action = row.GetString(6),
            App = Text(row, 7),
            Container = Text(row, 8),
            ContainerId = Text(row, 9),
            Phase = row.GetString(10),
            Outcome = Text(row, 11),
            Reason = Text(row, 12),
            Job = Text(row, 13),
            ImageBefore = Text(row, 14),
            ImageAfter = Text(row, 15),
            DurationMs = row.IsDBNull(16) ? null : row.GetInt64(16),
            PreviousHash = row.GetString(17),
            Hash = row.GetString(18),
        };

    /// <summary>One end of the chain. The genesis hash if it was never written.</summary>
    public static (long Sequence, string Hash) ReadEnd(SqliteConnection connection, string name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT sequence, hash FROM ends WHERE name = @name";
        command.Parameters.AddWithValue("@name", name);
        using var row = command.ExecuteReader();
        return row.Read() ? (row.GetInt64(0), row.GetString(1)) : (0, CanonicalForm.Genesis);
    }

    public static void WriteEnd(SqliteConnection connection, string name, long sequence, string hash)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "INSERT INTO ends VALUES (@name, @sequence, @hash) ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence, hash = "
            + "excluded.hash";
        command.Parameters.AddWithValue("@name", name);
        command.Parameters.AddWithValue("@sequence", sequence);
        command.Parameters.AddWithValue("@hash", hash);
        command.ExecuteNonQuery();
    }

    /// <summary>The text of a pruning record. It contains the anchor, which ties it into the chain.</summary>
    public static string PruneNote(long sequence, string hash) =>
        string.Create(CultureInfo.InvariantCulture, $"Retention removed the records up to {sequence}, whose hash was {hash}.");

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
