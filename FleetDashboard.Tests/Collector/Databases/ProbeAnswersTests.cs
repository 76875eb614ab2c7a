using FleetDashboard.Collector.Databases;
using FleetDashboard.Collector.Engine;
using Xunit;

namespace FleetDashboard.Tests.Collector.Databases;

/// <summary>The output of the database clients, and its interpretation.</summary>
public sealed class ProbeAnswersTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 23, 3, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("postgresql", "7708007 postgres\n81234567 order archive\n- payroll\n", "order archive=81234567 postgres=7708007 payroll=")]
    [InlineData("mariadb", "0\tempty\n16384\tshop\\tone\n", "shop\\tone=16384 empty=0")]
    [InlineData("mysql", "", "")]
    [InlineData("redis", "# Memory\r\nused_memory:939296\r\nused_memory_human:917.28K\r\nused_memory_dataset:62960\r\n", "memory=939296")]
    [InlineData("mongodb", "40960 local\n73728 shop\n", "shop=73728 local=40960")]
    [InlineData("mongodb", "Warning: unknown terminal\nloading\n73728 shop\n", "shop=73728 unknown terminal=")]
    public void Answer_InTheClientsOwnForm_GivesSizesLargestFirst(string kind, string output, string expected)
    {
        var reading = Read(kind, 0, output, "");

        Assert.Null(reading.Error);
        Assert.Equal(expected, string.Join(' ', reading.Databases.Select(database => $"{database.Name}={database.Bytes}")));
    }

    [Theory]
    [InlineData("postgresql", 81, "", "no psql in the image")]
    [InlineData("mariadb", 81, "", "no mariadb or mysql client in the image")]
    [InlineData("mysql", 82, "", "no answer within 10 s")]
    [InlineData("redis", 83, "", "password file not readable")]
    [InlineData("redis", 127, "exec: \"sh\": executable file not found in $PATH", "no shell in the image")]
    [InlineData(
        "postgresql",
        2,
        "psql: error: connection to server on socket \"/var/run/postgresql/.s.PGSQL.5432\" failed: FATAL:  password authentication "
            + "failed for user \"shop\"",
        "password refused"
    )]
    [InlineData(
        "postgresql",
        2,
        "psql: error: connection to server on socket \"/var/run/postgresql/.s.PGSQL.5432\" failed: fe_sendauth: no password supplied",
        "password required, none found in its environment"
    )]
    [InlineData(
        "postgresql",
        2,
        "psql: error: connection to server on socket \"/var/run/postgresql/.s.PGSQL.5432\" failed: FATAL:  role \"shop\" does not exist",
        "user or database not known to the server"
    )]
    [InlineData("mariadb", 1, "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)", "password refused")]
    [InlineData(
        "mariadb",
        1,
        "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: NO)",
        "password required, none found in its environment"
    )]
    [InlineData(
        "redis",
        0,
        "AUTH failed: WRONGPASS invalid username-password pair or user is disabled.\nNOAUTH Authentication required.",
        "password refused"
    )]
    [InlineData("redis", 0, "NOAUTH Authentication required.", "password required, none found in its environment")]
    [InlineData("mongodb", 1, "MongoServerError: Authentication failed.", "password refused")]
    [InlineData(
        "mongodb",
        1,
        "MongoServerError: Command listDatabases requires authentication",
        "password required, none found in its environment"
    )]
    [InlineData("mongodb", 1, "Segmentation fault", "the client failed (exit 1)")]
    public void Failure_OfAnyKind_HasAShortReason(string kind, int exitCode, string errors, string expected)
    {
        var reading = Read(kind, exitCode, "", errors);

        Assert.Equal((expected, false), (reading.Error, reading.StartsUp));
        Assert.Empty(reading.Databases);
    }

    [Theory]
    [InlineData(
        "postgresql",
        "psql: error: connection to server on socket \"/s\" failed: FATAL:  the database system is starting up",
        "not ready yet"
    )]
    [InlineData(
        "postgresql",
        "psql: error: connection to server on socket \"/s\" failed: No such file or directory",
        "no server answers inside"
    )]
    [InlineData(
        "mariadb",
        "ERROR 2002 (HY000): Can't connect to local server through socket '/run/mysqld/mysqld.sock' (2)",
        "no server answers inside"
    )]
    [InlineData("redis", "Could not connect to Redis at 127.0.0.1:6379: Connection refused", "no server answers inside")]
    [InlineData("mongodb", "MongoNetworkError: connect ECONNREFUSED 127.0.0.1:27017", "no server answers inside")]
    public void Server_ThatIsStarting_IsRecognised(string kind, string errors, string expected)
    {
        var reading = Read(kind, 1, "", errors);

        Assert.Equal((expected, true), (reading.Error, reading.StartsUp));
    }

    [Fact]
    public void Databases_ByTheThousand_AreSummedUp()
    {
        var reading = Read("postgresql", 0, string.Concat(Enumerable.Range(1, 1000).Select(size => $"{size} tenant-{size}\n")), "");

        Assert.Equal(ProbeAnswers.MostNamed + 1, reading.Databases.Length);
        Assert.Equal(("tenant-1000", 1000), (reading.Databases[0].Name, reading.Databases[0].Bytes));
        Assert.Equal(("900 smaller ones", 900 * 901 / 2), (reading.Databases[^1].Name, reading.Databases[^1].Bytes));
    }

    [Fact]
    public void Answer_CutInTheMiddle_LosesTheCutLineAlone()
    {
        var reading = ProbeAnswers.Read(
            "postgresql",
            new ExecAnswer(0, "300 whole\n20 cu", "", Truncated: true),
            TimeSpan.FromSeconds(10),
            At
        );

        Assert.Equal("whole", Assert.Single(reading.Databases).Name);
    }

    private static DatabaseReading Read(string kind, int exitCode, string output, string errors) =>
        ProbeAnswers.Read(kind, new ExecAnswer(exitCode, output, errors, Truncated: false), TimeSpan.FromSeconds(10), At);
}
