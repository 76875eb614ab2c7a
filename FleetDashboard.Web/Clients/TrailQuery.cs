using Microsoft.AspNetCore.Http.Extensions;

namespace FleetDashboard.Web.Clients;

/// <summary>Which records of the audit trail are asked for, in the words of the Collector's route; what is null does not matter.</summary>
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

    /// <summary>Older than the record of this sequence.</summary>
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
