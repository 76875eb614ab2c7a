using FleetDashboard.Contracts;
using Microsoft.Data.Sqlite;

namespace FleetDashboard.Collector.Audit;

/// <summary>The result of verifying the chain.</summary>
/// <param name="Records">The number of valid records, from the first on.</param>
/// <param name="First">The sequence number of the first record. 0 if there are no records.</param>
/// <param name="Sequence">The sequence number of the newest record.</param>
/// <param name="Hash">The newest record's hash. Stored elsewhere, it later proves whether the trail was rewritten.</param>
/// <param name="Broken">The first error, as a sentence that names the record. Null if the chain is intact.</param>
internal sealed record Verification(long Records, long First, long Sequence, string Hash, string? Broken);

/// <summary>Verifies the chain from its beginning to its head. Only reads.</summary>
internal static class TrailVerifier
{
    public static Verification Verify(string path)
    {
        using var connection = TrailFile.OpenToRead(path);

        // One transaction, so that a record which a Collector writes meanwhile is seen completely or not at all.
        using var moment = connection.BeginTransaction(deferred: true);
        var anchor = TrailRows.ReadEnd(connection, TrailRows.Anchor);
        var head = TrailRows.ReadEnd(connection, TrailRows.Head);
        return Follow(connection, anchor, head);
    }

    private static Verification Follow(SqliteConnection connection, (long Sequence, string Hash) anchor, (long Sequence, string Hash) head)
    {
        using var command = connection.CreateCommand();
        command.CommandText = TrailRows.Select + "ORDER BY sequence";
        using var row = command.ExecuteReader();
        var (last, count) = (anchor, 0L);
        var anchored = anchor.Sequence == 0;
        while (row.Read())
        {
            var (record, broken) = Look(row, last);
            if (record is null)
            {
                return Found(broken);
            }

            if (record.Sequence > head.Sequence)
            {
                return Found(
                    $"Record {record.Sequence} comes after the end of the chain, which is record {head.Sequence}. It was inserted."
                );
            }

            anchored |=
                record is { Action: "prune", User: "collector" } && record.Reason == TrailRows.PruneNote(anchor.Sequence, anchor.Hash);
            (last, count) = ((record.Sequence, record.Hash), count + 1);
        }

        return Found(
            last.Sequence < head.Sequence
                ? $"Record {last.Sequence + 1} is missing. The chain ends with record {head.Sequence}, "
                    + $"so {head.Sequence - last.Sequence} records were removed from its end."
            : last.Hash != head.Hash ? $"Record {head.Sequence} is not the record with which the chain ended. It was replaced."
            : anchored ? null
            : $"Record {anchor.Sequence} and all records before it are missing, and no record states that retention removed them."
        );

        Verification Found(string? broken) => new(count, count == 0 ? 0 : anchor.Sequence + 1, last.Sequence, last.Hash, broken);
    }

    private static (AuditRecord? Record, string? Broken) Look(SqliteDataReader row, (long Sequence, string Hash) last)
    {
        var sequence = row.GetInt64(0);
        if (sequence != last.Sequence + 1)
        {
            return (
                null,
                sequence > last.Sequence
                    ? $"Record {last.Sequence + 1} is missing. The next record is {sequence}."
                    : $"Record {sequence} comes before the beginning of the chain, which is record {last.Sequence + 1}. It was inserted."
            );
        }

        AuditRecord record;
        try
        {
            record = TrailRows.Read(row);
        }
        catch (Exception odd) when (odd is FormatException or InvalidCastException)
        {
            return (null, $"Record {sequence} was altered. It is not a valid record.");
        }

        if (CanonicalForm.Hash(record) != record.Hash)
        {
            return (null, $"Record {sequence} was altered. Its hash does not match its content.");
        }

        return record.PreviousHash == last.Hash
            ? (record, null)
            : (null, $"Record {sequence} does not follow record {last.Sequence}. One of the two was replaced.");
    }
}
