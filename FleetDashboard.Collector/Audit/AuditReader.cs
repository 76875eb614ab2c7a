using System.Collections.Immutable;
using FleetDashboard.Contracts;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Audit;

/// <summary>
/// Reads the audit trail in pages, because one long query would block the writer. Each read opens its own connection, so reading still
/// works when writing fails.
/// </summary>
internal sealed class AuditReader(IOptions<CollectorDataOptions> data)
{
    /// <summary>The newest records first, with sequence numbers below the given one.</summary>
    public ImmutableArray<AuditRecord> Newest(AuditQuery query, long? below, int limit) =>
        Read(query, below is null ? null : ("sequence < @edge", below.Value), "DESC", limit);

    /// <summary>The oldest records first, with sequence numbers above the given one.</summary>
    public ImmutableArray<AuditRecord> Oldest(AuditQuery query, long above, int limit) =>
        Read(query, ("sequence > @edge", above), "ASC", limit);

    /// <summary>All records of one job, oldest first.</summary>
    public ImmutableArray<AuditRecord> ReadJob(string job) => Oldest(new AuditQuery { Job = job }, above: 0, int.MaxValue);

    /// <summary>Intents without an outcome, oldest first: actions that started, or were about to start.</summary>
    public ImmutableArray<AuditRecord> Unfinished() =>
        Query(
            $"{TrailRows.Select} AS begun WHERE phase = '{AuditPhases.Intent}' "
                + "AND NOT EXISTS (SELECT 1 FROM records AS ended WHERE ended.job = begun.job"
                + $" AND ended.container_id = begun.container_id AND ended.phase = '{AuditPhases.Outcome}') ORDER BY sequence",
            static _ => { }
        );

    private ImmutableArray<AuditRecord> Read(AuditQuery query, (string Condition, long Value)? edge, string order, int limit)
    {
        List<(string Condition, string Name, object Value)> wanted = [];
        Want("user = @user", "@user", query.User);
        Want("app = @app", "@app", query.App);
        Want("container = @container", "@container", query.Container);
        Want("action = @action", "@action", query.Action);
        Want("phase = @phase", "@phase", query.Phase);
        Want("outcome = @outcome", "@outcome", query.Outcome);
        Want("job = @job", "@job", query.Job);
        Want("at >= @from", "@from", query.From is { } from ? CanonicalForm.Time(from) : null);
        Want("at < @to", "@to", query.To is { } to ? CanonicalForm.Time(to) : null);
        Want(edge?.Condition ?? "", "@edge", edge?.Value);
        var where = wanted.Count == 0 ? "" : "WHERE " + string.Join(" AND ", wanted.Select(one => one.Condition));
        return Query(
            $"{TrailRows.Select} {where} ORDER BY sequence {order} LIMIT @limit",
            command =>
            {
                wanted.ForEach(one => command.Parameters.AddWithValue(one.Name, one.Value));
                command.Parameters.AddWithValue("@limit", limit);
            }
        );

        void Want(string condition, string name, object? value)
        {
            if (value is not null)
            {
                wanted.Add((condition, name, value));
            }
        }
    }

    private ImmutableArray<AuditRecord> Query(string sql, Action<SqliteCommand> bind)
    {
        if (!File.Exists(data.Value.AuditFile))
        {
            return [];
        }

        using var connection = TrailFile.OpenToRead(data.Value.AuditFile);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        bind(command);
        using var row = command.ExecuteReader();
        var records = ImmutableArray.CreateBuilder<AuditRecord>();
        while (row.Read())
        {
            records.Add(TrailRows.Read(row));
        }

        return records.ToImmutable();
    }
}
