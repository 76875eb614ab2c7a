using Microsoft.AspNetCore.Http.Extensions;

namespace FleetDashboard.Web.Clients;

/// <summary>The filters for the audit trail, as the Collector's route takes them; null means no filter.</summary>
public sealed record TrailQuery
{
    public string? User { get; init; }
    public string? App { get; init; }
    public string? Action { get; init; }
    public string? Phase { get; init; }
    public string? Outcome { get; init; }
    public string? Job { get; init; }
    public string? From { get; init; }
    public string? To { get; init; }

    /// <summary>Only records older than this sequence number.</summary>
    public long? After { get; init; }

    public int? Limit { get; init; }

    public string ToQueryString(string? format = null)
    {
        var query = new QueryBuilder();
        Add("user", User);
        Add("app", App);
        Add("action", Action);
        Add("phase", Phase);
        Add("outcome", Outcome);
        Add("job", Job);
        Add("from", From);
        Add("to", To);
        Add("after", After?.ToString());
        Add("limit", Limit?.ToString());
        Add("format", format);
        return query.ToString();

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                query.Add(name, value);
            }
        }
    }
}
