using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Fleet;

/// <summary>
/// What the page says of the whole fleet. Pure: the same view says the same. Colour is only ever shown while both Collector and
/// engine answer; in every other state it is grey, whatever the last snapshot said.
/// </summary>
/// <param name="Color">The colour of the verdict, the mark and the tab's icon.</param>
/// <param name="Headline">The one line.</param>
/// <param name="Since">Since when the headline holds, where it says that somebody does not answer.</param>
/// <param name="Detail">A sentence below it, or null where the causes say all.</param>
/// <param name="LastKnown">When the state shown below was last true, where that is not now.</param>
/// <param name="Causes">The apps to look at.</param>
/// <param name="Facts">The sums.</param>
/// <param name="Title">The tab's title.</param>
public sealed record VerdictModel(
    HealthColor Color, string Headline, DateTimeOffset? Since, string? Detail, DateTimeOffset? LastKnown,
    ValueList<VerdictCause> Causes, ValueList<Fact> Facts, string Title)
{
    public const int CausesShown = 3;

    public static VerdictModel Of(FleetView view) => view switch
    {
        { Connection: ConnectionState.Unreachable } => Silent("Collector", view.UnreachableSince, view.Error, view),
        { Snapshot: null } => new(HealthColor.Grey, "Reading the fleet", null, "Waiting for the first word of the Collector.", null, default, default, "Fleet"),
        { Snapshot: { Stale: true } stale } => Silent("Engine", stale.StaleSince, stale.StaleReason, view),
        { Snapshot: { Totals.Containers: 0 } empty } => new(HealthColor.Grey, "No containers yet", null, $"The engine on {empty.Host.Name} runs nothing.", null, default, Sums(empty), "No containers · Fleet"),
        { Snapshot: { } snapshot } => new(snapshot.Verdict.Color, snapshot.Verdict.Text, null, DetailOf(snapshot), null, new(snapshot.Verdict.Causes), Sums(snapshot), TitleOf(snapshot)),
    };

    private static VerdictModel Silent(string who, DateTimeOffset? since, string? why, FleetView view) => new(
        HealthColor.Grey, $"{who} does not answer", since, why, view.Snapshot is null ? null : view.AsOf,
        default, view.Snapshot is { } last ? Sums(last) : default, $"{who} does not answer · Fleet");

    private static string? DetailOf(FleetSnapshot snapshot) =>
        snapshot.Verdict.Causes.Length > 0 ? null : $"{snapshot.Totals.Apps} {(snapshot.Totals.Apps == 1 ? "app" : "apps")} on {snapshot.Host.Name}, nothing needs you.";

    private static string TitleOf(FleetSnapshot snapshot)
    {
        var needy = snapshot.Apps.Count(app => app.Color is HealthColor.Red or HealthColor.Amber);
        return needy > 0 ? $"{needy} of {snapshot.Totals.Apps} need attention · Fleet" : "All green · Fleet";
    }

    private static ValueList<Fact> Sums(FleetSnapshot snapshot)
    {
        var (totals, host) = (snapshot.Totals, snapshot.Host);
        var (memory, of) = Bytes.Share(totals.MemoryBytes ?? 0, host.MemoryBytes);
        var databases = snapshot.Apps.SelectMany(app => app.Databases).Where(database => database.Bytes is not null).ToList();
        List<Fact> facts =
        [
            new($"{totals.AppsGreen} of {totals.Apps}", "apps green"),
            new($"{totals.ContainersUp} of {totals.Containers}", "containers up"),
            new($"{(totals.CpuCores is { } cores ? Cores.Text(cores) : Meter.None)} of {host.Cpus}", $"{Cores.Word(host.Cpus)} used"),
            new(totals.MemoryBytes is null ? Meter.None : $"{memory} {of}", "memory used"),
        ];
        if (databases.Count > 0)
        {
            facts.Add(new(Bytes.Text(databases.Sum(database => database.Bytes!.Value)), databases.Count == 1 ? "in 1 database" : $"in {databases.Count} databases"));
        }
        return new(facts);
    }
}

/// <summary>One sum of the fleet with what it counts.</summary>
public sealed record Fact(string Value, string Label);
