using FleetDashboard.Contracts;
using Microsoft.Data.Sqlite;

namespace FleetDashboard.Collector.Audit;

/// <summary>What a check of the chain found.</summary>
/// <param name="Records">How many records are whole, from the first on.</param>
/// <param name="First">The sequence of the first one; 0 where there is none.</param>
/// <param name="Sequence">The sequence of the newest one.</param>
/// <param name="Hash">Its hash: who keeps it elsewhere can tell later whether this trail was written anew.</param>
/// <param name="Broken">The first thing that is wrong, as a sentence that names the record; null where nothing is.</param>
internal sealed record Verification(long Records, long First, long Sequence, string Hash, string? Broken);

/// <summary>Follows the chain from its beginning to its head. Reads only.</summary>
internal static class TrailVerifier
{
    public static Verification Verify(string path)
    {
        using var connection = TrailFile.OpenToRead(path);

        // One transaction, so that what a Collector writes meanwhile is wholly seen or not at all.
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
                    $"Record {record.Sequence} stands after the end of the chain, which is record {head.Sequence}: it was inserted."
                );
            }

            anchored |=
                record is { Action: "prune", User: "collector" } && record.Reason == TrailRows.PruneNote(anchor.Sequence, anchor.Hash);
            (last, count) = ((record.Sequence, record.Hash), count + 1);
        }

        return Found(
            last.Sequence < head.Sequence
                ? $"Record {last.Sequence + 1} is missing: the chain's end is record {head.Sequence}, and {head.Sequence - last.Sequence} were cut off before it."
            : last.Hash != head.Hash ? $"Record {head.Sequence} is not the one that the chain ended with: it was replaced."
            : anchored ? null
            : $"Record {anchor.Sequence} and all before it are missing, and no record says that retention removed them."
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
                    ? $"Record {last.Sequence + 1} is missing: the next one there is {sequence}."
                    : $"Record {sequence} stands before the beginning of the chain, which is record {last.Sequence + 1}: it was inserted."
            );
        }

        AuditRecord record;
        try
        {
            record = TrailRows.Read(row);
        }
        catch (Exception odd) when (odd is FormatException or InvalidCastException)
        {
            return (null, $"Record {sequence} was altered: it cannot be read as a record.");
        }

        if (CanonicalForm.Hash(record) != record.Hash)
        {
            return (null, $"Record {sequence} was altered: its hash is not that of what it says.");
        }

        return record.PreviousHash == last.Hash
            ? (record, null)
            : (null, $"Record {sequence} does not follow record {last.Sequence}: one of the two was replaced.");
    }
}
