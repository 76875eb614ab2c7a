using FleetDashboard.Contracts;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Apps;

/// <summary>One or more changes at the same position on the charts' time axis.</summary>
/// <param name="X">The position, in percent of the width.</param>
/// <param name="Color">The colour of the worst change.</param>
/// <param name="Label">The text beside the line. Null if there is no space.</param>
/// <param name="FlipLabel">True if the label fits only to the left of the line.</param>
/// <param name="Tip">The text of all changes.</param>
public sealed record ChangeMarker(string X, HealthColor Color, string? Label, bool FlipLabel, string Tip)
{
    private const double SameLine = 0.008;
    private const double LabelRoom = 0.24;
    private const int TipLines = 8;
    private const int LongestName = 16;

    public static ValueList<ChangeMarker> All(
        IReadOnlyList<StateChange> changes,
        ChartWindow window,
        IReadOnlyDictionary<string, string> services
    )
    {
        var marks = new List<ChangeMarker>();
        var groups = new List<(double X, List<StateChange> Changes)>();
        foreach (var change in changes.OrderBy(change => change.At))
        {
            if (window.Share(change.At) is not { } x)
            {
                continue;
            }
            if (groups.Count > 0 && x - groups[^1].X < SameLine)
            {
                groups[^1].Changes.Add(change);
            }
            else
            {
                groups.Add((x, [change]));
            }
        }
        var labelled = double.NegativeInfinity;
        foreach (var (x, together) in groups)
        {
            var worst = together.MaxBy(change => ChangeText.ColorOf(change.What))!;
            var hasRoom = x - labelled >= LabelRoom;
            labelled = hasRoom ? x : labelled;
            var more = together.Count > 1 ? $" +{together.Count - 1}" : "";
            var tip = together
                .Take(TipLines)
                .Select(change => $"{Name(change)} {change.Text}")
                .Concat(together.Count > TipLines ? [$"and {together.Count - TipLines} more"] : []);
            marks.Add(
                new ChangeMarker(
                    ChartModel.Percent(x),
                    ChangeText.ColorOf(worst.What),
                    hasRoom ? $"{ShortName(worst)} {ChangeText.Short(worst.What)}{more}" : null,
                    x > 1 - LabelRoom,
                    string.Join("; ", tip)
                )
            );
        }
        return new(marks);

        string Name(StateChange change) => services.GetValueOrDefault(change.Container, change.Container);

        // A longer name would overlap the next label.
        string ShortName(StateChange change) => Name(change) is { Length: > LongestName } name ? $"{name[..LongestName]}…" : Name(change);
    }
}

internal static class ChangeText
{
    public static HealthColor ColorOf(string what) =>
        what switch
        {
            StateChangeKinds.Failed or StateChangeKinds.OutOfMemory or StateChangeKinds.Unhealthy => HealthColor.Red,
            StateChangeKinds.Restarted or StateChangeKinds.Stopped or StateChangeKinds.Paused => HealthColor.Amber,
            StateChangeKinds.Started or StateChangeKinds.Resumed or StateChangeKinds.Healthy => HealthColor.Green,
            _ => HealthColor.Grey,
        };

    public static string Short(string what) =>
        what switch
        {
            StateChangeKinds.OutOfMemory => "out of memory",
            StateChangeKinds.Failed => "failed",
            _ => what,
        };
}
