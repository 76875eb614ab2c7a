using FleetDashboard.Contracts;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Audit;

/// <summary>
/// The only writer of the audit trail. A written record is on disk when the call returns. If a record cannot be written, no action may run.
/// The calls block: actions are rare, and each must wait for its record anyway.
/// </summary>
internal sealed partial class AuditTrail(
    IOptions<CollectorDataOptions> data,
    IOptions<AuditOptions> options,
    TimeProvider time,
    ILogger<AuditTrail> logger
) : IDisposable
{
    /// <summary>How many records are removed at once, so that retention never blocks a write for long.</summary>
    private const int PruneBatch = 5_000;

    private const int MaxText = 2_000;

    private readonly Lock _gate = new();
    private readonly Queue<AuditEntry> _owed = new();
    private readonly List<AuditRecord> _written = [];
    private TrailFile? _file;
    private string? _trouble;

    /// <summary>Why the trail cannot be written now, as a sentence. Null if it can.</summary>
    public string? Trouble => Volatile.Read(ref _trouble);

    /// <summary>
    /// Opens the trail before the server accepts requests. A failing disk is temporary and retried. A second Collector on the same file is
    /// an error.
    /// </summary>
    /// <exception cref="TrailInUseException">Another Collector writes the trail.</exception>
    public void Open()
    {
        try
        {
            Write(static _ => { });
        }
        catch (TrailUnwritableException broken) when (broken.InnerException is TrailInUseException inUse)
        {
            throw new TrailInUseException(inUse.Message);
        }
        catch (TrailUnwritableException)
        {
            // may be temporary: reported by Trouble, and retried
        }
    }

    /// <summary>Appends records: either all of them or none.</summary>
    /// <exception cref="TrailUnwritableException">The records could not be written.</exception>
    public void Append(params IReadOnlyCollection<AuditEntry> entries) =>
        Write(connection =>
        {
            foreach (var entry in entries)
            {
                Append(connection, entry);
            }
        });

    /// <summary>
    /// Appends the outcome of a finished action. If it cannot be written now, it is written as soon as possible. Meanwhile no action
    /// starts, so few outcomes are waiting. If this process ends before that, the next one records the action as interrupted.
    /// </summary>
    public void AppendOutcome(AuditEntry entry)
    {
        using (_gate.EnterScope())
        {
            _owed.Enqueue(entry);
        }

        Try(static _ => { });
    }

    /// <summary>Tries a write that changes no record, to notice a broken disk before an action needs the trail.</summary>
    public void Check() => Try(static connection => Execute(connection, "UPDATE pulse SET beat = beat + 1"));

    /// <summary>
    /// Removes records older than the retention time. The last removed hash becomes the start of the chain, and a record in the chain
    /// states it.
    /// </summary>
    /// <exception cref="TrailUnwritableException">The trail could not be written.</exception>
    public void Prune()
    {
        if (options.Value.KeepDays == 0)
        {
            return;
        }

        var limit = CanonicalForm.Time(time.GetUtcNow().AddDays(-options.Value.KeepDays));
        while (PruneOnce(limit))
        {
            // until no old record is left
        }
    }

    public void Dispose()
    {
        using var _ = _gate.EnterScope();
        _file?.Dispose();
        _file = null;
    }

    private bool PruneOnce(string limit)
    {
        var more = false;
        Write(connection =>
        {
            using var find = connection.CreateCommand();

            // Remove only records from the beginning up to the first young one. If the clock had jumped, older records after it are kept.
            find.CommandText =
                "SELECT sequence, hash FROM records WHERE sequence < coalesce((SELECT min(sequence) FROM records WHERE at >= @limit), "
                + "(SELECT max(sequence) FROM records)) ORDER BY sequence LIMIT 1 OFFSET @last";
            find.Parameters.AddWithValue("@limit", limit);
            find.Parameters.AddWithValue("@last", PruneBatch - 1);
            if (First(find) is not { } last)
            {
                find.CommandText =
                    "SELECT sequence, hash FROM records WHERE sequence < coalesce((SELECT min(sequence) FROM records WHERE at >= "
                    + "@limit), (SELECT max(sequence) FROM records)) ORDER BY sequence DESC LIMIT 1";
                if (First(find) is not { } rest)
                {
                    return;
                }

                last = rest;
            }
            else
            {
                more = true;
            }

            Append(
                connection,
                new AuditEntry("collector", "prune", AuditPhases.Outcome)
                {
                    Outcome = JobStates.Succeeded,
                    Reason = TrailRows.PruneNote(last.Sequence, last.Hash),
                }
            );
            TrailRows.WriteEnd(connection, TrailRows.Anchor, last.Sequence, last.Hash);
            using var remove = connection.CreateCommand();
            remove.CommandText = "DELETE FROM records WHERE sequence <= @last";
            remove.Parameters.AddWithValue("@last", last.Sequence);
            remove.ExecuteNonQuery();
        });
        return more;
    }

    private void Try(Action<SqliteConnection> write)
    {
        try
        {
            Write(write);
        }
        catch (TrailUnwritableException)
        {
            // Reported by Trouble, and retried.
        }
    }

    private void Append(SqliteConnection connection, AuditEntry entry)
    {
        var (sequence, hash) = TrailRows.ReadEnd(connection, TrailRows.Head);
        var record = new AuditRecord
        {
            Sequence = sequence + 1,
            At = time.GetUtcNow(),
            User = Clean(entry.User)!,
            Subject = Clean(entry.Subject),
            Role = Clean(entry.Role),
            Source = Clean(entry.Source),
            Action = entry.Action,
            App = Clean(entry.App),
            Container = Clean(entry.Container),
            ContainerId = Clean(entry.ContainerId),
            Phase = entry.Phase,
            Outcome = entry.Outcome,
            Reason = Clean(entry.Reason),
            Job = entry.Job,
            ImageBefore = Clean(entry.ImageBefore),
            ImageAfter = Clean(entry.ImageAfter),
            DurationMs = entry.DurationMs,
            PreviousHash = hash,
            Hash = "",
        };
        record = record with { Hash = CanonicalForm.Hash(record) };
        TrailRows.Write(connection, record);
        TrailRows.WriteEnd(connection, TrailRows.Head, record.Sequence, record.Hash);
        _written.Add(record);
    }

    // One transaction by the only writer. After a failure the file is opened again, because a broken disk may leave the connection
    // unusable.
    private void Write(Action<SqliteConnection> write)
    {
        using var _ = _gate.EnterScope();
        try
        {
            _file ??= TrailFile.Open(data.Value.AuditFile);
            _written.Clear();
            Execute(_file.Connection, "BEGIN IMMEDIATE");
            foreach (var owed in _owed)
            {
                Append(_file.Connection, owed);
            }

            write(_file.Connection);
            Execute(_file.Connection, "COMMIT");
            _owed.Clear();
            foreach (var record in _written)
            {
                LogWritten(record.Sequence, record.Hash, record.User, record.Action, record.Container, record.Phase, record.Outcome);
            }

            if (_trouble is not null)
            {
                LogBack();
            }

            Volatile.Write(ref _trouble, null);
        }
        catch (Exception fault)
        {
            _file?.Dispose();
            _file = null;
            var trouble = $"The audit trail cannot be written, so no action can run: {Describe(fault)}";
            if (trouble != _trouble)
            {
                LogTrouble(trouble);
            }

            Volatile.Write(ref _trouble, trouble);
            throw new TrailUnwritableException(trouble, fault);
        }
    }

    private string Describe(Exception fault)
    {
        const int readOnly = 8,
            ioError = 10,
            corrupt = 11,
            full = 13,
            cannotOpen = 14,
            notADatabase = 26;
        var file = data.Value.AuditFile;
        return fault switch
        {
            TrailInUseException => fault.Message,
            SqliteException { SqliteErrorCode: full } => $"the disk of {file} is full. Free some space. "
                + $"The Collector retries automatically.",
            SqliteException { SqliteErrorCode: readOnly } =>
                $"{file} is read-only for this process. Make it writable. The Collector retries automatically.",
            SqliteException { SqliteErrorCode: ioError or cannotOpen } =>
                $"{file} or its folder cannot be written ({fault.Message}). Check its disk. The Collector retries automatically.",
            SqliteException { SqliteErrorCode: corrupt or notADatabase } =>
                $"{file} is damaged. Stop the Collector, keep a copy of the file, and check it with the verify command.",
            UnauthorizedAccessException or IOException => $"{fault.Message.TrimEnd('.')}. The Collector retries automatically.",
            _ => fault.Message,
        };
    }

    private static (long Sequence, string Hash)? First(SqliteCommand command)
    {
        using var row = command.ExecuteReader();
        return row.Read() ? (row.GetInt64(0), row.GetString(1)) : null;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    // The stored text must be exactly the hashed text.
    private static string? Clean(string? text) => text is null ? null : SafeText.Clean(text, MaxText);

    [LoggerMessage(LogLevel.Information, "Audit {Sequence} {Hash}: {User} {Action} {Container} {Phase} {Outcome}")]
    private partial void LogWritten(
        long sequence,
        string hash,
        string user,
        string action,
        string? container,
        string phase,
        string? outcome
    );

    [LoggerMessage(LogLevel.Error, "{Trouble}")]
    private partial void LogTrouble(string trouble);

    [LoggerMessage(LogLevel.Information, "The audit trail can be written again.")]
    private partial void LogBack();
}
