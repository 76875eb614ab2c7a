using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Actions;

namespace FleetDashboard.Web.Components.Pages.Activity;

/// <summary>A record of the trail as a row of the table.</summary>
internal sealed record TrailRow(FleetRecord Found)
{
    public AuditRecord Record => Found.Record;

    public string Key => Found.Key;

    public string Word =>
        Record.Phase switch
        {
            AuditPhases.Refusal => $"Refused: {CodeWord(Record.Outcome)}",
            AuditPhases.Intent => "Asked for",
            _ => ActionText.State(Record.Outcome ?? ""),
        };

    /// <summary>A refusal is the guard at work, not a fault: amber.</summary>
    public HealthColor Color =>
        Record.Phase switch
        {
            AuditPhases.Refusal => HealthColor.Amber,
            AuditPhases.Intent => HealthColor.Grey,
            _ => ActionText.Color(Record.Outcome ?? "") ?? HealthColor.Grey,
        };

    public string Took => TookOf(Record);

    public static string TookOf(AuditRecord record) =>
        record.DurationMs is { } took
            ? took < 10_000
                ? $"{took / 1000.0:0.0} s"
                : Format.Duration(Format.Seconds(took / 1000.0))
            : "";

    private static string CodeWord(string? code) =>
        code switch
        {
            RefusalCodes.Role => "role",
            RefusalCodes.Self => "this dashboard",
            RefusalCodes.File => "fleet.yaml",
            RefusalCodes.OneShot => "one-shot",
            RefusalCodes.NoNewerImage => "no newer image",
            RefusalCodes.NoBuildSource => "nothing to build",
            RefusalCodes.BuildBlocked => "build not possible",
            RefusalCodes.ActionsOff => "actions are off",
            { } word => word.Replace('-', ' '),
            null => "",
        };
}
