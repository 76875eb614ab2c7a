using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Fleet;

/// <summary>The one line that says how the fleet is, from the same reasons as the cards. Pure.</summary>
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
        var text = (down, struggling) switch
        {
            (0, 0) => apps.Length == 1 ? "The app is green" : $"All {apps.Length} apps are green",
            (_, 0) => Are(down, "down"),
            (0, _) => Are(struggling, "struggling"),
            _ => $"{Are(down, "down")}, {struggling} {(struggling == 1 ? "is" : "are")} struggling",
        };
        return new Verdict(
            down > 0 ? HealthColor.Red
                : struggling > 0 ? HealthColor.Amber
                : HealthColor.Green,
            text,
            [.. apps.Where(app => app.Color >= HealthColor.Amber).Select(Cause)]
        );
    }

    /// <summary>What the page says while the engine cannot be reached.</summary>
    public static Verdict Unreachable() => new(HealthColor.Grey, "The engine does not answer", []);

    private static string Are(int count, string what) => count == 1 ? $"1 app is {what}" : $"{count} apps are {what}";

    private static VerdictCause Cause(AppSnapshot app)
    {
        var services = app
            .Containers.DistinctBy(container => container.Name)
            .ToDictionary(container => container.Name, container => container.Service);
        var told = app.Reasons.Where(reason => reason.Color == app.Color).ToList();
        var words = told.Take(MostReasons)
            .Select(reason => $"{services.GetValueOrDefault(reason.Container, reason.Container)} {reason.Text}");
        var more = app.Reasons.Length - Math.Min(told.Count, MostReasons);
        return new VerdictCause(app.Name, app.Color, string.Join("; ", words) + (more > 0 ? $" and {more} more" : ""));
    }
}
