using Microsoft.Data.Sqlite;

namespace FleetDashboard.Collector.Audit;

/// <summary><c>FleetDashboard.Collector verify [FILE]</c>: checks the chain, says what it found, and changes nothing.</summary>
internal static class VerifyCommand
{
    public const string Word = "verify";

    private const int Whole = 0,
        Broken = 1,
        NotChecked = 2;

    public static int Run(IReadOnlyList<string> arguments, TextWriter output)
    {
        if (arguments.Count > 1)
        {
            output.WriteLine($"Usage: FleetDashboard.Collector {Word} [FILE]");
            return NotChecked;
        }

        var path = arguments is [var given] ? given : Configured();
        if (!File.Exists(path))
        {
            output.WriteLine($"There is no audit trail at {path}: name the file, or set Data__Path as it is set for the Collector.");
            return NotChecked;
        }

        try
        {
            var found = TrailVerifier.Verify(path);
            output.WriteLine(
                found.Broken
                    ?? (
                        found.Records == 0
                            ? $"{path} holds no records."
                            : $"{path} is whole: {found.Records} records, {found.First} to {found.Sequence}. The last hash is {found.Hash}."
                    )
            );
            return found.Broken is null ? Whole : Broken;
        }
        catch (SqliteException fault)
        {
            const int corrupt = 11,
                notADatabase = 26;
            output.WriteLine(
                fault.SqliteErrorCode is corrupt or notADatabase
                    ? $"{path} is damaged: {fault.Message}"
                    : $"{path} could not be read: {fault.Message} If the Collector was killed in the middle of a write, start it once: it takes that write back."
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
