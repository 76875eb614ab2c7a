using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// The audit trails of all hosts as one, newest first. Each trail keeps its own hash chain; only the order on the page is merged.
/// </summary>
internal sealed class FleetTrail(TrailPages pages)
{
    /// <summary>One page of the merged trail.</summary>
    /// <param name="hosts">The hosts whose trails are read.</param>
    /// <param name="query">The filters; the limit is that of the whole page.</param>
    /// <param name="after">The end of the page before; null for the newest records.</param>
    /// <param name="endings">The number of job ends seen so far: a page after another end is another page.</param>
    /// <param name="caller">The caller.</param>
    public async Task<TrailAnswer> OfAsync(
        IReadOnlyList<HostView> hosts,
        TrailQuery query,
        TrailCursor? after,
        long endings,
        SignedInCaller caller
    )
    {
        var answers = await Task.WhenAll(hosts.Select(async host => (Host: host, Answer: await AskAsync(host))));
        var heard = answers.Where(one => one.Answer.Value is not null).Select(one => new Reading(one.Host, one.Answer.Value!)).ToList();
        ImmutableArray<HostTrouble> troubles =
        [
            .. answers
                .Where(one => one.Answer.Value is null)
                .Select(one => new HostTrouble(one.Host.Collector, one.Answer.Error ?? FeedErrors.Garbled)),
        ];
        return heard.Count == 0
            ? new TrailAnswer(null, troubles)
            : new TrailAnswer(
                new TrailPage([.. Newest(heard, query.Limit ?? int.MaxValue)], Next(heard, troubles, hosts, after)),
                troubles
            );

        // A request to an unreachable host would delay the page until its deadline.
        Task<CollectorAnswer<AuditPage>> AskAsync(HostView host) =>
            hosts.Count > 1 && host.Connection == ConnectionState.Unreachable
                ? Task.FromResult(CollectorAnswer<AuditPage>.Failed(host.Error ?? FeedErrors.Late))
                : pages.FetchAsync(host.Collector, query with { After = after?.Find(host.Tag) }, endings, caller);
    }

    // Merged by the heads, not sorted by time: a clock that was set back must not change the order inside one trail.
    private static IEnumerable<FleetRecord> Newest(List<Reading> readings, int limit)
    {
        for (var taken = 0; taken < limit && readings.Where(one => one.Head is not null).MaxBy(one => one.Head!.At) is { } next; taken++)
        {
            yield return new FleetRecord(next.Host.Collector, next.Host.Tag, next.Next());
        }
    }

    private static TrailCursor? Next(
        List<Reading> readings,
        ImmutableArray<HostTrouble> troubles,
        IReadOnlyList<HostView> hosts,
        TrailCursor? after
    )
    {
        if (!readings.Exists(one => one.HasMore))
        {
            return null;
        }
        // A host that did not answer continues where it was.
        var silent = hosts
            .Where(host => troubles.Any(trouble => trouble.Collector == host.Collector))
            .Select(host => (host.Tag, Sequence: after?.Find(host.Tag)))
            .Where(one => one.Sequence is not null)
            .Select(one => (one.Tag, one.Sequence!.Value));
        return new TrailCursor([.. readings.Select(one => (one.Host.Tag, one.Position)).Concat(silent)]);
    }

    private sealed class Reading(HostView host, AuditPage page)
    {
        private int _taken;

        public HostView Host => host;

        public AuditRecord? Head => _taken < page.Records.Length ? page.Records[_taken] : null;

        public bool HasMore => Head is not null || page.Next is not null;

        /// <summary>
        /// The next page has records older than this: the last record taken, or the first one here where none was taken; null where nothing
        /// is left.
        /// </summary>
        public long Position =>
            _taken > 0 ? page.Records[_taken - 1].Sequence
            : Head is { } head ? head.Sequence + 1
            : 1;

        public AuditRecord Next() => page.Records[_taken++];
    }
}

/// <summary>A record of the trail of one host.</summary>
/// <param name="Collector">The address of its Collector.</param>
/// <param name="Host">The host's tag; null where the fleet has one host.</param>
/// <param name="Record">The record.</param>
public sealed record FleetRecord(Uri Collector, string? Host, AuditRecord Record)
{
    /// <summary>The record's id in the whole fleet, as addresses contain it: <c>120</c>, <c>lab-1/120</c>.</summary>
    public string Key => Host is null ? $"{Record.Sequence}" : $"{Host}/{Record.Sequence}";
}

/// <summary>A page of the merged trail.</summary>
/// <param name="Records">Newest first.</param>
/// <param name="Next">The start of the next page; null on the last one.</param>
public sealed record TrailPage(ImmutableArray<FleetRecord> Records, TrailCursor? Next);

/// <summary>The result of a request: the page as far as hosts answered, and the hosts that did not.</summary>
public sealed record TrailAnswer(TrailPage? Page, ImmutableArray<HostTrouble> Troubles);
