using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Metadata;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Fleet;

/// <summary>Where the fleet differs from fleet.yaml, as sentences with the file's line. Pure.</summary>
internal static class FileWarnings
{
    /// <summary>The most warnings that are listed. Further ones are counted.</summary>
    public const int Most = 30;

    /// <param name="file">The file.</param>
    /// <param name="members">Each container with its app.</param>
    /// <param name="apps">Each app with the expectations for it.</param>
    public static ImmutableArray<string> Find(
        FileClaims file,
        IReadOnlyCollection<(ContainerFacts Container, string App)> members,
        IReadOnlyCollection<AppSnapshot> apps
    )
    {
        if (members.Count == 0 || file.Metadata.File is { Apps.IsEmpty: true, Protected.IsEmpty: true })
        {
            return []; // No file, no engine yet, or no containers: each of these is reported elsewhere, once.
        }

        var name = file.Metadata.Name;
        var all = Idle(file, members)
            .Concat(Contested(file, members))
            .Concat(apps.SelectMany(Unmet))
            .OrderBy(warning => warning.Line)
            .Select(warning => $"{name} line {warning.Line}: {warning.Text}")
            .ToList();
        return all.Count <= Most ? [.. all] : [.. all.Take(Most), $"{name}: {all.Count - Most} more warnings like these."];
    }

    private static IEnumerable<(int Line, string Text)> Idle(
        FileClaims file,
        IReadOnlyCollection<(ContainerFacts Container, string App)> members
    )
    {
        var used = members
            .SelectMany(member => file.Claims(member.Container))
            .Select(claim => claim.Pattern)
            .ToHashSet(ReferenceEqualityComparer.Instance);
        var there = members.ToLookup(member => member.App, member => member.Container);
        foreach (var app in file.Metadata.File.Apps)
        {
            if (!there.Contains(app.Name))
            {
                var why = app.Containers.IsEmpty
                    ? "is the name of no app; give it patterns under containers, or the name of a Compose project"
                    : "has no container: its patterns claim none";
                yield return (
                    app.Line,
                    $"app {Quoted.Text(app.Name)} {why}"
                        + Quoted.Meant(app.Name, app.Containers.IsEmpty ? there.Select(group => group.Key) : [])
                );
                continue;
            }

            foreach (var pattern in app.Containers.Where(pattern => !used.Contains(pattern)))
            {
                yield return (pattern.Line, $"pattern {Quoted.Text(pattern.Text)} of app {Quoted.Text(app.Name)} claims no container.");
            }

            foreach (var pattern in app.Protected.Where(pattern => !there[app.Name].Any(container => pattern.Matches(container.Name))))
            {
                yield return (pattern.Line, $"pattern {Quoted.Text(pattern.Text)} protects no container of app {Quoted.Text(app.Name)}.");
            }
        }

        foreach (
            var pattern in file.Metadata.File.Protected.Where(pattern => !members.Any(member => pattern.Matches(member.Container.Name)))
        )
        {
            yield return (pattern.Line, $"pattern {Quoted.Text(pattern.Text)} protects no container.");
        }
    }

    private static IEnumerable<(int Line, string Text)> Contested(
        FileClaims file,
        IReadOnlyCollection<(ContainerFacts Container, string App)> members
    )
    {
        var lost =
            from member in members
            let claims = file.Claims(member.Container)
            from claim in claims
            where claim.App != claims[0].App
            group member.Container.Name by (claim.Pattern, claim.App, First: claims[0]);
        foreach (var group in lost)
        {
            var names = group.Order(StringComparer.Ordinal).ToList();
            var others = names.Count > 1 ? $" and {names.Count - 1} more" : "";
            yield return (
                group.Key.Pattern.Line,
                $"pattern {Quoted.Text(group.Key.Pattern.Text)} of app {Quoted.Text(group.Key.App.Name)} "
                    + $"also claims {Quoted.Text(names[0])}{others}, "
                    + $"which app {Quoted.Text(group.Key.First.App.Name)} has by line {group.Key.First.Pattern.Line}: "
                    + "the first one in the file counts."
            );
        }
    }

    private static IEnumerable<(int Line, string Text)> Unmet(AppSnapshot app) =>
        app
            .ExpectedPorts.Where(port => port.Problem is not null)
            .Select(port => (port.Line, $"app {Quoted.Text(app.Name)} should serve {Expectations.Text(port)}: {port.Problem}."))
            .Concat(
                app.ExpectedSubnets.Where(subnet => subnet.Problem is not null)
                    .Select(subnet => (subnet.Line, $"app {Quoted.Text(app.Name)} should be on {subnet.Subnet}: {subnet.Problem}."))
            );
}
