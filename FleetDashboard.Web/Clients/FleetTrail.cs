using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// The audit trails of all hosts as one, newest first. Each stays a chain of its own: nothing but the order on the page is joined here.
/// </summary>
internal sealed class FleetTrail(TrailPages pages)
{
    /// <summary>One page of the joined trail.</summary>
    /// <param name="hosts">Whose trails.</param>
    /// <param name="query">Which records; its limit is that of the whole page.</param>
    /// <param name="after">Where the page before ended; null for the newest.</param>
    /// <param name="endings">How many ends of jobs were seen: a page asked for after another end is another page.</param>
    /// <param name="caller">In whose name.</param>
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

        // One that is known to be silent would keep the others waiting until its deadline.
        Task<CollectorAnswer<AuditPage>> AskAsync(HostView host) =>
            hosts.Count > 1 && host.Connection == ConnectionState.Unreachable
                ? Task.FromResult(CollectorAnswer<AuditPage>.Failed(host.Error ?? FeedErrors.Late))
                : pages.FetchAsync(host.Collector, query with { After = after?.Find(host.Tag) }, endings, caller);
    }

    // By the heads, not by sorting: a clock that was set back must not take a record out of its own trail's order.
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
        // Who could not be heard goes on where it was.
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
        /// Older than this comes next: the last that was taken; where none was, all that is here; where nothing is left, nothing.
        /// </summary>
        public long Position =>
            _taken > 0 ? page.Records[_taken - 1].Sequence
            : Head is { } head ? head.Sequence + 1
            : 1;

        public AuditRecord Next() => page.Records[_taken++];
    }
}

/// <summary>A record of the trail of one host.</summary>
/// <param name="Collector">Where its Collector listens.</param>
/// <param name="Host">The host's tag; null where the fleet has one host.</param>
/// <param name="Record">The record.</param>
public sealed record FleetRecord(Uri Collector, string? Host, AuditRecord Record)
{
    /// <summary>Which record this is in the whole fleet, as addresses have it: <c>120</c>, <c>lab-1/120</c>.</summary>
    public string Key => Host is null ? $"{Record.Sequence}" : $"{Host}/{Record.Sequence}";
}

/// <summary>A page of the joined trail.</summary>
/// <param name="Records">Newest first.</param>
/// <param name="Next">Where the page that follows begins; null on the last one.</param>
public sealed record TrailPage(ImmutableArray<FleetRecord> Records, TrailCursor? Next);

/// <summary>What became of asking for a page: the page, as far as hosts answered, and which did not.</summary>
public sealed record TrailAnswer(TrailPage? Page, ImmutableArray<HostTrouble> Troubles);
