using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Clients;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>What is put together of a list, of streams and of answers.</summary>
public sealed class JobBoardTests
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly JobBoard _board;

    public JobBoardTests() => _board = new JobBoard(Views.Collector, _time);

    private JobsView View => _board.View(JobsView.Nothing, known: true, error: null);

    [Fact]
    public void End_ThatWasSeen_IsNewsForAMinuteByThisClock()
    {
        var job = FakeJobs.Running("shop");
        // Its own clock is an hour behind.
        var over = FakeJobs.Over(job, JobStates.Succeeded, "Done.") with
        {
            FinishedAt = _time.GetUtcNow().AddHours(-1),
        };
        _board.Put(job);
        _board.Put(over);
        Assert.Equal([over], View.Ended.Select(job => job.Job));

        _time.Advance(JobBoard.News);
        _board.PutAll([over], _ => false);

        Assert.Empty(View.Ended);
        Assert.Empty(View.Active);
    }

    [Theory]
    [InlineData(-10, 1)]
    [InlineData(-3600, 0)]
    [InlineData(3600, 0)]
    public void End_ThatWasFound_IsNewsOnlyWhereItIsRecent(int secondsAgo, int told)
    {
        _board.PutAll(
            [
                FakeJobs.Over(FakeJobs.Running("shop"), JobStates.Failed, "No.") with
                {
                    FinishedAt = _time.GetUtcNow().AddSeconds(secondsAgo),
                },
            ],
            _ => false
        );

        Assert.Equal(told, View.Ended.Length);
    }

    [Fact]
    public void Job_ThatIsOver_StaysOver()
    {
        var job = FakeJobs.Running("shop");
        _board.Put(job);
        Assert.True(_board.IsUnderWay(job.Id));
        _board.Put(FakeJobs.Over(job, JobStates.Succeeded, "Done."));

        _board.PutAll([job], _ => false); // A list that was on its way.

        Assert.Empty(View.Active);
        Assert.False(_board.IsUnderWay(job.Id));
    }

    [Fact]
    public void List_DoesNotOverruleAStream()
    {
        var job = FakeJobs.Running("shop", message: "old");
        _board.Put(job with { Message = "new" });

        _board.PutAll([job], id => id == job.Id);

        Assert.Equal("new", Assert.Single(View.Active).Job.Message);
    }

    [Fact]
    public void View_NothingDiffers_IsTheSame()
    {
        var job = FakeJobs.Running("shop");
        _board.Put(job);
        var view = View;

        Assert.Same(view, _board.View(view, known: true, error: null));
        Assert.NotSame(view, _board.View(view, known: true, error: "It did not answer in time."));
    }
}
