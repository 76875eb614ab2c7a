using System.Collections.Immutable;
using FleetDashboard.Collector.Databases;
using Xunit;

namespace FleetDashboard.Tests.Collector.Databases;

/// <summary>When each container is measured.</summary>
public sealed class MeterPlanTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 3, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private readonly MeterPlan _plan = new(Interval);

    [Fact]
    public void Healthy_OverAnHour_EachOncePerIntervalAndSpread()
    {
        ImmutableArray<DatabaseTarget> targets = [.. Enumerable.Range(0, 15).Select(number => Target($"db{number}"))];

        var looks = Run(targets, TimeSpan.FromHours(1), _ => null);

        Assert.Equal(
            targets.Length,
            looks.TakeWhile(look => look.At < TimeSpan.FromSeconds(20)).Select(look => look.Id).Distinct().Count()
        );
        Assert.All(looks.GroupBy(look => look.Id), group => Assert.InRange(group.Count(), 11, 13));
        var later = looks.Where(look => look.At > TimeSpan.FromMinutes(10)).Select(look => look.At).ToList();
        Assert.All(later.Zip(later.Skip(1)), pair => Assert.InRange((pair.Second - pair.First).TotalSeconds, 18, 40));
    }

    [Fact]
    public void Failing_OverADay_IsMeasuredEverLessOften()
    {
        var looks = Run([Target("db")], TimeSpan.FromDays(1), _ => "password refused").Select(look => look.At.TotalMinutes).ToList();

        Assert.Equal([0, 5, 15, 35, 75, 135], looks.Take(6).Select(minute => Math.Floor(minute)));
        Assert.InRange(looks.Count, 26, 29);
    }

    [Fact]
    public void StartingUp_InItsFirstMinutes_IsMeasuredAgainSoon()
    {
        var looks = Run([Target("db", Start)], TimeSpan.FromMinutes(10), at => at < TimeSpan.FromSeconds(35) ? "not ready yet" : null)
            .Select(look => (int)look.At.TotalSeconds)
            .ToList();

        Assert.Equal([0, 10, 20, 30, 40, 340], looks);
    }

    [Fact]
    public void Restarted_AfterFailures_IsMeasuredAtOnce()
    {
        var target = Target("db");
        Run([target], TimeSpan.FromHours(3), _ => "password refused");

        var again = target with { StartedAt = Start.AddHours(3) };

        Assert.Null(_plan.Next([target], Start.AddHours(3)));
        Assert.Equal(again, _plan.Next([again], Start.AddHours(3)));
    }

    private static DatabaseTarget Target(string name, DateTimeOffset? startedAt = null) =>
        new(name, name, "postgresql", startedAt ?? Start.AddDays(-1));

    private List<(string Id, TimeSpan At)> Run(ImmutableArray<DatabaseTarget> targets, TimeSpan length, Func<TimeSpan, string?> error)
    {
        List<(string, TimeSpan)> looks = [];
        for (var at = TimeSpan.Zero; at < length; at += TimeSpan.FromSeconds(1))
        {
            if (_plan.Next(targets, Start + at) is { } target)
            {
                looks.Add((target.Id, at));
                var text = error(at);
                _plan.Done(target, new DatabaseReading(Start + at, [], text, StartsUp: text == "not ready yet"), Start + at);
            }
        }

        return looks;
    }
}
