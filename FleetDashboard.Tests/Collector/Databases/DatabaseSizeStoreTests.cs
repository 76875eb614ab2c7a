using FleetDashboard.Collector.Databases;
using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Databases;

/// <summary>The measured sizes of databases, and their rows in the snapshot.</summary>
public sealed class DatabaseSizeStoreTests
{
    private const string Kind = "postgresql";

    private readonly DatabaseSizes _book = new();

    [Fact]
    public void Growth_BeforeADayHasPassed_IsNull()
    {
        Measure(TimeSpan.Zero, TimeSpan.FromHours(23.9), _ => 1000);

        Assert.Null(Assert.Single(_book.Find("db", Kind)).GrowthBytes);
    }

    [Fact]
    public void Growth_OverDays_IsTheGrowthOfTheLastDay()
    {
        // It grows by one byte per second.
        for (var day = TimeSpan.FromHours(25); day < TimeSpan.FromHours(80); day += TimeSpan.FromMinutes(35))
        {
            _book.Prune(new HashSet<string>(), Facts.Now.AddDays(30));
            Measure(TimeSpan.Zero, day, at => (long)at.TotalSeconds);

            Assert.InRange(Assert.Single(_book.Find("db", Kind)).GrowthBytes!.Value, 86_400, 86_400 + 3_900);
        }
    }

    [Fact]
    public void Growth_AfterAPauseOfDays_IsNull()
    {
        Measure(TimeSpan.Zero, TimeSpan.FromHours(30), _ => 1000);
        Measure(TimeSpan.FromHours(90), TimeSpan.FromHours(91), _ => 5000);

        Assert.Null(Assert.Single(_book.Find("db", Kind)).GrowthBytes);
    }

    [Fact]
    public void Shrinking_IsNegativeGrowth()
    {
        Measure(TimeSpan.Zero, TimeSpan.FromHours(24), _ => 1000);
        Measure(TimeSpan.FromHours(24.1), TimeSpan.FromHours(24.2), _ => 400);

        Assert.Equal(-600, Assert.Single(_book.Find("db", Kind)).GrowthBytes);
    }

    [Fact]
    public void Failure_AfterASize_KeepsItWithItsAge()
    {
        Put(Facts.Now, 1000);
        _book.Put("db", Kind, DatabaseReading.Failed(Facts.Now.AddMinutes(5), "password refused"));

        var database = Assert.Single(DatabaseSnapshots.Create(Facts.Container("db") with { Image = "postgres:16" }, _book));

        Assert.Equal(
            ("billing", 1000L, Facts.Now, "password refused"),
            (database.Name, database.Bytes!.Value, database.MeasuredAt!.Value, database.Error)
        );
    }

    [Theory]
    [InlineData("exited", "stopped")]
    [InlineData("paused", "paused: a paused container cannot be measured")]
    [InlineData("restarting", "restarting")]
    [InlineData("running", null)]
    public void Container_InAnyState_KeepsItsSizesAndNamesItsState(string state, string? expected)
    {
        Put(Facts.Now, 1000);

        var database = Assert.Single(DatabaseSnapshots.Create(Facts.Container("db") with { Image = "postgres:16", State = state }, _book));

        Assert.Equal((1000L, expected), (database.Bytes!.Value, database.Error));
    }

    [Fact]
    public void Container_StoppedBeforeItWasMeasured_NamesItsState()
    {
        var stopped = Facts.Container("db") with { Image = "postgres:16", State = "exited", ExitCode = 1 };

        Assert.Equal(
            ("", null, "stopped"),
            DatabaseSnapshots.Create(stopped, _book).Select(row => (row.Name, row.Bytes, row.Error)).Single()
        );
        Assert.Empty(DatabaseSnapshots.Create(stopped with { ExitCode = 0 }, _book));
        Assert.Empty(DatabaseSnapshots.Create(stopped with { Image = "acme/thing:1", Name = "app-db-1" }, _book));
    }

    [Fact]
    public void Databases_ThatWereDropped_AreGone()
    {
        _book.Put("db", Kind, new DatabaseReading(Facts.Now, [new("one", 1), new("two", 2)], null));
        _book.Put("db", Kind, new DatabaseReading(Facts.Now.AddMinutes(5), [new("two", 3)], null));

        Assert.Equal("two", Assert.Single(_book.Find("db", Kind)).Name);
    }

    [Fact]
    public void Container_ThatWasRemoved_IsForgottenAfterAnHour()
    {
        Put(Facts.Now, 1000);

        _book.Prune(new HashSet<string> { "other" }, Facts.Now.AddMinutes(59));
        Assert.True(_book.Knows("db", Kind));
        _book.Prune(new HashSet<string> { "db" }, Facts.Now.AddHours(2));
        Assert.True(_book.Knows("db", Kind));
        _book.Prune(new HashSet<string> { "other" }, Facts.Now.AddHours(2));
        Assert.False(_book.Knows("db", Kind));
    }

    private void Put(DateTimeOffset at, long bytes) =>
        _book.Put("db", Kind, new DatabaseReading(at, [new MeasuredDatabase("billing", bytes)], null));

    private void Measure(TimeSpan from, TimeSpan to, Func<TimeSpan, long> size)
    {
        for (var at = from; at <= to; at += TimeSpan.FromMinutes(5))
        {
            Put(Facts.Now + at, size(at));
        }
    }
}
