using System.Runtime.CompilerServices;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;

namespace FleetDashboard.Web.Components.Shared;

/// <summary>
/// The verdict on the whole fleet. Pure: equal views give equal verdicts. A colour is shown only for hosts whose Collector and engine
/// answer. In every other state it is grey, whatever the last snapshot said.
/// </summary>
/// <param name="Color">The colour of the verdict, the logo and the tab's icon.</param>
/// <param name="Headline">The one line.</param>
/// <param name="Since">Since when the headline holds, where it says that a host does not answer.</param>
/// <param name="Detail">A sentence below it, or null where the causes are enough.</param>
/// <param name="LastKnown">When the state shown below was last true, where that is not now.</param>
/// <param name="Causes">The apps to look at.</param>
/// <param name="Facts">The sums.</param>
/// <param name="Title">The tab's title.</param>
public sealed record VerdictModel(
    HealthColor Color,
    string Headline,
    DateTimeOffset? Since,
    string? Detail,
    DateTimeOffset? LastKnown,
    ValueList<VerdictCause> Causes,
    ValueList<Fact> Facts,
    string Title
)
{
    public const int CausesShown = 3;

    private static readonly ConditionalWeakTable<FleetView, VerdictModel> Verdicts = [];

    /// <summary>The verdict for one or several hosts.</summary>
    public static VerdictModel From(FleetView view) =>
        view.Hosts switch
        {
            [] => Waiting("Looking for Collectors."),
            [var host] => From(host),
            _ => SeveralHosts.VerdictOf(view),
        };

    /// <summary>The same, computed once for each view: every viewer's page asks for it.</summary>
    public static VerdictModel Shared(FleetView view) => Verdicts.GetValue(view, static key => From(key));

    /// <summary>The verdict for one host.</summary>
    public static VerdictModel From(HostView host) =>
        host switch
        {
            { Connection: ConnectionState.Unreachable } => Silent("Collector", host.UnreachableSince, host.Error, host),
            { Snapshot: null } => Waiting("Waiting for the first snapshot of the Collector."),
            { Snapshot: { Stale: true } stale } => Silent("Engine", stale.StaleSince, stale.StaleReason, host),
            { OverdueSince: { } since } => Silent(
                "Collector",
                since,
                "It is connected but has sent no new snapshot for "
                    + $"{Format.Duration(TimeSpan.FromSeconds(host.Snapshot!.OverdueAfterSeconds))}. "
                    + "Check its log and the load of its host.",
                host,
                "sends nothing new"
            ),
            { Snapshot.Totals.Containers: 0 } => new(
                HealthColor.Grey,
                "No containers yet",
                null,
                $"The engine on {host.Name} runs nothing.",
                null,
                default,
                Fact.Sums([host]),
                "No containers · Fleet"
            ),
            { Snapshot: { } snapshot } => new(
                snapshot.Verdict.Color,
                snapshot.Verdict.Text,
                null,
                snapshot.Verdict.Causes.Length > 0 ? null : $"{Words.Apps(snapshot.Totals.Apps)} on {host.Name}, nothing needs you.",
                null,
                new(snapshot.Verdict.Causes),
                Fact.Sums([host]),
                Words.Title(snapshot.Totals.Apps, snapshot.Totals.AppsDown + snapshot.Totals.AppsStruggling)
            ),
        };

    internal static VerdictModel Waiting(string forWhat) =>
        new(HealthColor.Grey, "Reading the fleet", null, forWhat, null, default, default, "Fleet");

    private static VerdictModel Silent(string who, DateTimeOffset? since, string? why, HostView host, string what = "does not answer") =>
        new(
            HealthColor.Grey,
            $"{who} {what}",
            since,
            string.IsNullOrWhiteSpace(why) ? null : why,
            host.Snapshot is null ? null : host.AsOf,
            default,
            host.Snapshot is null ? default : Fact.Sums([host]),
            $"{who} {what} · Fleet"
        );

    /// <summary>Texts for one host and for several.</summary>
    internal static class Words
    {
        /// <summary>The longest cause in the verdict. More than two lines would push the cards off a phone's screen.</summary>
        private const int LongestCause = 120;

        /// <summary>A cause, cut to the space in the verdict. The app's card shows all of it.</summary>
        public static string Short(string cause) =>
            cause.Length <= LongestCause
                ? cause
                : $"{cause.AsSpan(0, char.IsHighSurrogate(cause[LongestCause - 1]) ? LongestCause - 1 : LongestCause)}…";

        public static string Apps(int count) => count == 1 ? "1 app" : $"{count} apps";

        public static string Title(int apps, int needy) => needy > 0 ? $"{needy} of {apps} need attention · Fleet" : "All green · Fleet";
    }
}
