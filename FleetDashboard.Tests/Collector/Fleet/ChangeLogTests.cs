using FleetDashboard.Collector.Fleet;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Fleet;

public sealed class ChangeLogTests
{
    private static TimeSpan Ago(double minutes) => TimeSpan.FromMinutes(minutes);

    [Fact]
    public void CrashAndStart_AreOneRestart() =>
        Assert.Equal(
            [(StateChangeKinds.Restarted, "restarted after it exited with 3")],
            Told(Facts.Event("die", Ago(5), 3), Facts.Event("start", Ago(4.9)))
        );

    [Fact]
    public void DieAndStop_AreAStopOnRequest() =>
        Assert.Equal(
            [(StateChangeKinds.Stopped, "stopped on request")],
            Told(Facts.Event("die", Ago(5), 143), Facts.Event("stop", Ago(5)))
        );

    [Fact]
    public void StopBeforeDie_IsAStopOnRequestToo() =>
        Assert.Equal(
            [(StateChangeKinds.Started, "started"), (StateChangeKinds.Stopped, "stopped on request")],
            Told(Facts.Event("start", Ago(9)), Facts.Event("stop", Ago(5)), Facts.Event("die", Ago(5), 143))
        );

    [Fact]
    public void StopBeforeDie_ThenACrash_IsACrash() =>
        Assert.Equal(
            [StateChangeKinds.Restarted, StateChangeKinds.Failed],
            Told(
                    Facts.Event("stop", Ago(5)),
                    Facts.Event("die", Ago(5), 143),
                    Facts.Event("start", Ago(5)),
                    Facts.Event("stop", Ago(5)), // Sent again after a reconnection.
                    Facts.Event("die", Ago(4.9), 3)
                )
                .Select(change => change.What)
        );

    [Fact]
    public void RequestedRestart_IsNoCrash() =>
        Assert.Equal(
            [(StateChangeKinds.Restarted, "restarted on request")],
            Told(Facts.Event("die", Ago(5), 137), Facts.Event("stop", Ago(5)), Facts.Event("start", Ago(5)), Facts.Event("restart", Ago(5)))
        );

    [Fact]
    public void StartLongAfterTheEnd_IsASecondChange() =>
        Assert.Equal(
            [StateChangeKinds.Failed, StateChangeKinds.Started],
            Told(Facts.Event("die", Ago(50), 1), Facts.Event("start", Ago(9))).Select(change => change.What)
        );

    [Fact]
    public void EventsToldAgain_AreNotCountedAgain() =>
        Assert.Single(Told(Facts.Event("die", Ago(5), 3), Facts.Event("start", Ago(4)), Facts.Event("start", Ago(4))));

    [Fact]
    public void Network_ConnectingIsNoChange() => Assert.Empty(Told(Facts.Event("create", Ago(1)) with { Type = "network" }));

    [Fact]
    public void Health_IsReadOffTwoInspections()
    {
        var (well, ill) = (
            Facts.Container("web") with
            {
                Healthcheck = "healthy",
            },
            Facts.Container("web") with
            {
                Healthcheck = "unhealthy",
            }
        );
        var log = ChangeLog.Empty.With(well, ill, Facts.Now).With(ill, ill, Facts.Now).With(ill, well, Facts.Now);

        Assert.Equal([StateChangeKinds.Unhealthy, StateChangeKinds.Healthy], log.Changes.Select(change => change.What));
    }

    [Fact]
    public void Log_IsBoundedAndForgetsAfterAnHour()
    {
        var log = ChangeLog.Empty.With(Facts.Event("pause", Ago(120)));
        for (var i = 0; i < 500; i++)
        {
            log = log.With(Facts.Event(i % 2 == 0 ? "pause" : "unpause", Ago(10 - i / 1000d)));
        }

        Assert.Equal(64, log.Changes.Length);
        Assert.All(log.Changes, change => Assert.InRange(change.At, Facts.Now - Ago(11), Facts.Now));
    }

    private static IEnumerable<(string What, string Text)> Told(params FleetDashboard.Collector.Engine.EngineEvent[] events) =>
        events.Aggregate(ChangeLog.Empty, (log, what) => log.With(what)).Changes.Select(change => (change.What, change.Text));
}
