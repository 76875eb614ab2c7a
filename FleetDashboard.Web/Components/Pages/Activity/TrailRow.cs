using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Actions;

namespace FleetDashboard.Web.Components.Pages.Activity;

/// <summary>An audit record as a row of the table.</summary>
internal sealed record TrailRow(FleetRecord Found)
{
    public AuditRecord Record => Found.Record;

    public string Key => Found.Key;

    public string OutcomeText =>
        Record.Phase switch
        {
            AuditPhases.Refusal => $"Refused: {DescribeCode(Record.Outcome)}",
            AuditPhases.Intent => "Requested",
            _ => ActionText.State(Record.Outcome ?? ""),
        };

    /// <summary>A refusal is amber: the action guard worked as intended.</summary>
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

    private static string DescribeCode(string? code) =>
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
            { } other => other.Replace('-', ' '),
            null => "",
        };
}
