using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Fleet;

/// <summary>The one line about the whole fleet, from the same reasons as the cards. Pure.</summary>
internal static class VerdictRules
{
    private const int MostReasons = 2;

    /// <param name="apps">Every app, worst first.</param>
    public static Verdict Judge(ImmutableArray<AppSnapshot> apps)
    {
        if (apps.IsEmpty)
        {
            return new Verdict(HealthColor.Grey, "No containers on this host", []);
        }

        var down = apps.Count(app => app.Color == HealthColor.Red);
        var struggling = apps.Count(app => app.Color == HealthColor.Amber);
        return new Verdict(
            down > 0 ? HealthColor.Red
                : struggling > 0 ? HealthColor.Amber
                : HealthColor.Green,
            Verdict.Sentence(apps.Length, down, struggling),
            [.. apps.Where(app => app.Color >= HealthColor.Amber).Select(Cause)]
        );
    }

    /// <summary>The verdict while the engine cannot be reached.</summary>
    public static Verdict Unreachable() => new(HealthColor.Grey, "The engine does not answer", []);

    private static VerdictCause Cause(AppSnapshot app)
    {
        var services = app
            .Containers.DistinctBy(container => container.Name)
            .ToDictionary(container => container.Name, container => container.Service);
        var shown = app.Reasons.Where(reason => reason.Color == app.Color).ToList();
        var words = shown
            .Take(MostReasons)
            .Select(reason => $"{services.GetValueOrDefault(reason.Container, reason.Container)} {reason.Text}");
        var more = app.Reasons.Length - Math.Min(shown.Count, MostReasons);
        return new VerdictCause(app.Name, app.Color, string.Join("; ", words) + (more > 0 ? $" and {more} more" : ""));
    }
}
