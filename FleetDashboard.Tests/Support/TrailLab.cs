using FleetDashboard.Collector.Audit;
using FleetDashboard.Contracts;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Tests.Support;

/// <summary>A real audit trail in its own folder, with a method to tamper with its file.</summary>
internal sealed class TrailLab : IDisposable
{
    private readonly DirectoryInfo? _own;

    public TrailLab(TimeProvider? time = null, string? folder = null, int keepDays = 400)
    {
        _own = folder is null ? Directory.CreateTempSubdirectory("fleet-trail-") : null;
        var data = Options.Create(new CollectorDataOptions { Path = folder ?? _own!.FullName });
        Path = data.Value.AuditFile;
        Reader = new AuditReader(data);
        Trail = new AuditTrail(
            data,
            Options.Create(new AuditOptions { KeepDays = keepDays }),
            time ?? TimeProvider.System,
            NullLogger<AuditTrail>.Instance
        );
    }

    public string Path { get; }

    public AuditTrail Trail { get; }

    public AuditReader Reader { get; }

    public static AuditEntry Entry(string container, string phase = AuditPhases.Refusal, string? job = null) =>
        new("ann", ActionNames.Restart, phase)
        {
            Subject = "7",
            Role = Roles.Operator,
            Source = "10.0.0.1",
            App = "shop",
            Container = container,
            ContainerId = container,
            Job = job,
            Reason = "because",
        };

    public Verification Verify() => TrailVerifier.Verify(Path);

    public void Tamper(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Xunit.Assert.NotEqual(0, command.ExecuteNonQuery());
    }

    public void Dispose()
    {
        Trail.Dispose();
        _own?.Delete(recursive: true);
    }
}
