using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Clients;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>The jobs of one Collector, put together from the events of its stream and the answers to requests.</summary>
public sealed class HostJobsTests
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly HostJobs _jobs;
    private int _changes;

    public HostJobsTests() => _jobs = new HostJobs(Views.Collector, () => _changes++, _time);

    [Fact]
    public void End_ThatWasSeen_IsShownForAMinuteByThisClock()
    {
        var job = FakeJobs.Running("shop");
        // The Collector's clock is an hour behind.
        var over = FakeJobs.Over(job, JobStates.Succeeded, "Done.") with
        {
            FinishedAt = _time.GetUtcNow().AddHours(-1),
        };
        _jobs.Put(job);
        _jobs.Put(over);
        Assert.Equal([over], _jobs.Current.Ended.Select(job => job.Job));

        _time.Advance(HostJobs.News);
        _jobs.Sweep();

        Assert.Empty(_jobs.Current.Ended);
        Assert.Empty(_jobs.Current.Active);

        _jobs.Start([over]); // A reconnected stream lists it again.
        Assert.Empty(_jobs.Current.Ended);
    }

    [Theory]
    [InlineData(-10, 1)]
    [InlineData(-3600, 0)]
    [InlineData(3600, 0)]
    public void End_ThatWasFound_IsShownOnlyWhereItIsRecent(int secondsAgo, int shown)
    {
        _jobs.Start([
            FakeJobs.Over(FakeJobs.Running("shop"), JobStates.Failed, "No.") with
            {
                FinishedAt = _time.GetUtcNow().AddSeconds(secondsAgo),
            },
        ]);

        Assert.Equal(shown, _jobs.Current.Ended.Length);
    }

    [Fact]
    public void Job_ThatHasEnded_StaysEnded()
    {
        var job = FakeJobs.Running("shop");
        _jobs.Put(job);
        _jobs.Put(FakeJobs.Over(job, JobStates.Succeeded, "Done."));

        _jobs.Put(job); // An event that was delayed.
        _jobs.PutNew(job);

        Assert.Empty(_jobs.Current.Active);
        Assert.Single(_jobs.Current.Ended);
    }

    [Fact]
    public void Answer_DoesNotOverruleTheStream()
    {
        var job = FakeJobs.Running("shop", message: "old");
        _jobs.Put(job with { Message = "new" });

        _jobs.PutNew(job);

        Assert.Equal("new", Assert.Single(_jobs.Current.Active).Job.Message);
    }

    [Fact]
    public void Start_DropsUnfinishedJobsThatAreNotListed()
    {
        var job = FakeJobs.Running("shop");
        _jobs.Put(job);
        var endings = _jobs.Current.Endings;

        _jobs.Start([]);

        Assert.Empty(_jobs.Current.Active);
        Assert.True(_jobs.Current.Known);
        Assert.True(_jobs.Current.Endings > endings); // The trail has its end, so it is read again.
    }

    [Fact]
    public void Lines_AreKeptInOrderAndBounded_AndSentAgainAfterAReconnection()
    {
        var job = FakeJobs.Running("shop");
        _jobs.Put(job);
        _jobs.Add(Output(job, 0, 200));
        _jobs.Add(Output(job, 200, 200));

        var kept = _jobs.LinesOf(job.Id)!;
        Assert.Equal(HostJobs.LinesKept, kept.Current.Length);
        Assert.Equal(("line 100", "line 399"), (kept.Current[0].Text, kept.Current[^1].Text));

        _jobs.Start([job]);
        _jobs.Add(Output(job, 398, 2));

        Assert.Equal(["line 398", "line 399"], kept.Current.Select(line => line.Text));
    }

    [Fact]
    public void Lines_OfAnUnknownJob_AreNotKept()
    {
        _jobs.Add(Output(FakeJobs.Running("shop"), 0, 1));

        Assert.Null(_jobs.LinesOf("unknown"));
    }

    [Fact]
    public void Jobs_OfAHostileCollector_AreBounded()
    {
        for (var i = 0; i < 1_000; i++)
        {
            _jobs.Put(FakeJobs.Running("shop"));
        }

        Assert.InRange(_jobs.Current.Active.Length, 1, 500);
    }

    [Fact]
    public void View_NothingDiffers_IsTheSameAndNobodyIsTold()
    {
        var job = FakeJobs.Running("shop");
        _jobs.Start([job]);
        var (view, changes) = (_jobs.Current, _changes);

        _jobs.Put(view.Active[0].Job with { });
        var other = _jobs.Current;
        _jobs.Sweep();

        Assert.NotSame(view, other);
        Assert.Same(other, _jobs.Current);
        Assert.Equal(changes + 1, _changes);

        _jobs.Fail("It did not answer in time.");
        Assert.NotSame(other, _jobs.Current);
        Assert.Equal("It did not answer in time.", Assert.Single(_jobs.Current.Troubles).Sentence);
    }

    private static JobOutput Output(Job job, int first, int count) =>
        new(job.Id, [.. Enumerable.Range(first, count).Select(i => new JobLine(Facts.Now, "web", $"line {i}"))]);
}
