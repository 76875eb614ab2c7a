using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;

namespace FleetDashboard.Web.Components.Shared;

/// <summary>
/// The verdict for several hosts. A host that does not answer does not hide another host and never counts as green: while the other hosts
/// are well, the line is amber and names it. Where no host answers the line is grey, as with one host.
/// </summary>
internal static class SeveralHosts
{
    public static VerdictModel VerdictOf(FleetView view)
    {
        var (heard, silent) = (view.Hosts.Where(host => host.IsCurrent).ToList(), view.Hosts.Where(host => host.IsSilent).ToList());
        if (heard.Count == 0)
        {
            return silent.Count == 0
                ? VerdictModel.Waiting($"Waiting for the first snapshot of {view.Hosts.Length} Collectors.")
                : NobodyAnswers(view, silent);
        }
        var totals = heard.Select(host => host.Snapshot!.Totals).ToList();
        var (apps, down, struggling) = (
            (int)totals.Total(one => one.Apps),
            (int)totals.Total(one => one.AppsDown),
            (int)totals.Total(one => one.AppsStruggling)
        );
        var color =
            down > 0 ? HealthColor.Red
            : struggling > 0 || silent.Count > 0 ? HealthColor.Amber
            : apps > 0 ? HealthColor.Green
            : HealthColor.Grey;
        var headline = Headline(apps, down, struggling, silent);
        // With one silent host and no other problem, the line can say since when.
        var since = silent.Count == 1 && down + struggling == 0 ? VerdictModel.From(silent[0]).Since : null;
        return new VerdictModel(
            color,
            headline,
            since,
            Detail(view, heard, apps, down + struggling, silent),
            null,
            Causes(heard),
            new([new Fact($"{heard.Count} of {view.Hosts.Length}", "hosts answer"), .. Fact.Sums(heard)]),
            silent.Count > 0 && down + struggling == 0 ? $"{headline} · Fleet" : VerdictModel.Words.Title(apps, down + struggling)
        );
    }

    private static VerdictModel NobodyAnswers(FleetView view, List<HostView> silent) =>
        new(
            HealthColor.Grey,
            silent.Count == view.Hosts.Length ? "No host answers" : "No host answers yet",
            silent.Min(host => VerdictModel.From(host).Since),
            null,
            silent.Where(host => host.Snapshot is not null).Min(host => host.AsOf),
            default,
            view.IsKnown ? Fact.Sums(view.Hosts) : default,
            "No host answers · Fleet"
        );

    private static string Headline(int apps, int down, int struggling, List<HostView> silent)
    {
        var gone = silent.Count switch
        {
            0 => null,
            1 => $"{silent[0].Name} does not answer",
            _ => $"{silent.Count} hosts do not answer",
        };
        var sentence = apps == 0 ? "No containers yet" : Verdict.Sentence(apps, down, struggling);
        return gone is null ? sentence
            : down + struggling == 0 ? gone
            : $"{sentence}; {gone}";
    }

    private static string? Detail(FleetView view, List<HostView> heard, int apps, int sick, List<HostView> silent) =>
        (sick, silent.Count) switch
        {
            (0, 0) when heard.Count < view.Hosts.Length =>
                $"{VerdictModel.Words.Apps(apps)} on {heard.Count} of {view.Hosts.Length} hosts; the rest has not answered yet.",
            (0, 0) => $"{VerdictModel.Words.Apps(apps)} on {heard.Count} hosts, nothing needs you.",
            (0, _) => $"{(apps == 0 ? "Nothing runs" : apps == 1 ? "The one app is green" : Verdict.Sentence(apps, 0, 0))} on the "
                + $"{(heard.Count == 1 ? "host that answers" : $"{heard.Count} hosts that answer")}.",
            _ => null,
        };

    private static ValueList<VerdictCause> Causes(List<HostView> heard) =>
        new(
            heard
                .SelectMany(host => host.Snapshot!.Verdict.Causes.Select(cause => cause with { App = $"{cause.App} on {host.Name}" }))
                .OrderByDescending(cause => cause.Color)
        );
}
