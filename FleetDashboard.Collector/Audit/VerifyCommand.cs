using Microsoft.Data.Sqlite;

namespace FleetDashboard.Collector.Audit;

/// <summary>The command <c>FleetDashboard.Collector verify [FILE]</c>: verifies the chain and prints the result. Changes nothing.</summary>
internal static class VerifyCommand
{
    public const string Name = "verify";

    private const int Intact = 0,
        Broken = 1,
        NotChecked = 2;

    public static int Run(IReadOnlyList<string> arguments, TextWriter output)
    {
        if (arguments.Count > 1)
        {
            output.WriteLine($"Usage: FleetDashboard.Collector {Name} [FILE]");
            return NotChecked;
        }

        var path = arguments is [var given] ? given : Configured();
        if (!File.Exists(path))
        {
            output.WriteLine($"{path} does not exist. Pass the path of the audit trail, or set Data__Path to the Collector's value.");
            return NotChecked;
        }

        try
        {
            var found = TrailVerifier.Verify(path);
            output.WriteLine(
                found.Broken
                    ?? (
                        found.Records == 0
                            ? $"{path} contains no records."
                            : $"{path} is intact: {found.Records} records, {found.First} to {found.Sequence}. "
                                + $"The last hash is {found.Hash}."
                    )
            );
            return found.Broken is null ? Intact : Broken;
        }
        catch (SqliteException fault)
        {
            const int corrupt = 11,
                notADatabase = 26;
            output.WriteLine(
                fault.SqliteErrorCode is corrupt or notADatabase
                    ? $"{path} is damaged: {fault.Message}"
                    : $"{path} could not be read: {fault.Message} If the Collector was killed during a write, "
                        + "start it once so that it rolls the write back."
            );
            return fault.SqliteErrorCode is corrupt or notADatabase ? Broken : NotChecked;
        }
    }

    private static string Configured() =>
        (
            new ConfigurationBuilder()
                .AddEnvironmentVariables()
                .Build()
                .GetSection(CollectorDataOptions.SectionName)
                .Get<CollectorDataOptions>()
            ?? new CollectorDataOptions()
        ).AuditFile;
}
