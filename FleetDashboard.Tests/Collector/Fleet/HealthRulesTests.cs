using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Fleet;

/// <summary>Each rule of the colours, and the sentence a person would say.</summary>
public sealed class HealthRulesTests
{
    private static readonly ContainerFacts Web = Facts.Container("web");

    public static TheoryData<string, HealthColor, string, string> Verdicts =>
        new()
        {
            { "green", HealthColor.Green, "", "" },
            { "exit 2", HealthColor.Red, ReasonCodes.Exited, "exited with 2, 5 min ago" },
            { "exit 137", HealthColor.Red, ReasonCodes.Exited, "exited with 137 (killed), 5 min ago" },
            { "stopped by hand", HealthColor.Amber, ReasonCodes.Stopped, "stopped on request, exit 143 (terminated), 5 min ago" },
            { "finished", HealthColor.Grey, ReasonCodes.Finished, "finished with 0, 3 h ago" },
            { "stopped service", HealthColor.Amber, ReasonCodes.Stopped, "stopped, 2 d ago, though its restart policy is unless-stopped" },
            { "killed for memory", HealthColor.Red, ReasonCodes.OutOfMemory, "killed for memory at its 16 MiB limit, 8 min ago" },
            {
                "killed inside",
                HealthColor.Red,
                ReasonCodes.OutOfMemory,
                "a process in it was killed for memory at its 16 MiB limit, 2 min ago"
            },
            { "child killed, finished", HealthColor.Grey, ReasonCodes.Finished, "finished with 0, 8 min ago" },
            { "cannot start again", HealthColor.Red, ReasonCodes.StartFailed, "cannot start: its port is already taken" },
            { "dead", HealthColor.Red, ReasonCodes.Dead, "dead: the engine could not remove it" },
            { "created", HealthColor.Grey, ReasonCodes.Created, "created, never started" },
            { "port taken", HealthColor.Red, ReasonCodes.StartFailed, "cannot start: its port is already taken" },
            { "no command", HealthColor.Red, ReasonCodes.StartFailed, "cannot start: \"/nope\": stat /nope: no such file or directory" },
            { "unhealthy", HealthColor.Red, ReasonCodes.Unhealthy, "healthcheck failing, 31 in a row" },
            { "loop", HealthColor.Red, ReasonCodes.RestartLoop, "restarting: exit 3, 14 times in 6 min" },
            { "loop, just running", HealthColor.Red, ReasonCodes.RestartLoop, "restarting: exit 3, 14 times in 6 min" },
            { "loop of old", HealthColor.Red, ReasonCodes.RestartLoop, "restarting: exit 3, 7 times" },
            { "paused", HealthColor.Amber, ReasonCodes.Paused, "paused" },
            { "starting", HealthColor.Green, "", "" },
            { "starting too long", HealthColor.Amber, ReasonCodes.HealthStarting, "healthcheck still starting after 6 min" },
            { "restarted", HealthColor.Amber, ReasonCodes.Restarted, "restarted 40 s ago after exit 1" },
            { "restarted by hand", HealthColor.Amber, ReasonCodes.Restarted, "restarted 40 s ago on request" },
            { "restarted long ago", HealthColor.Green, "", "" },
            { "memory", HealthColor.Amber, ReasonCodes.MemoryHigh, "memory at 93 % of its limit for 4 min" },
            { "cpu", HealthColor.Amber, ReasonCodes.CpuHigh, "at its CPU limit of 0.5 cores for 5 min" },
            { "throttled", HealthColor.Amber, ReasonCodes.CpuThrottled, "throttled in 30 % of its CPU periods" },
            { "overdue", HealthColor.Amber, ReasonCodes.FiguresOverdue, "no stats for 40 s" },
            {
                "stopped by hand, killed after its timeout",
                HealthColor.Amber,
                ReasonCodes.Stopped,
                "stopped on request, exit 137 (killed), 5 min ago"
            },
            {
                "stopped by hand, told before the death",
                HealthColor.Amber,
                ReasonCodes.Stopped,
                "stopped on request, exit 143 (terminated), 5 min ago"
            },
            { "stopped by hand after a crash", HealthColor.Red, ReasonCodes.Exited, "exited with 3, 5 min ago" },
            { "stopped by hand, ends with 1", HealthColor.Amber, ReasonCodes.Stopped, "stopped on request, exit 1, 5 min ago" },
            {
                "stopped before it was watched",
                HealthColor.Amber,
                ReasonCodes.Stopped,
                "stopped (exit 143 (terminated)), 2 d ago, though its restart policy is always"
            },
            { "crashed for good before it was watched", HealthColor.Red, ReasonCodes.Exited, "exited with 3, 2 d ago" },
            { "killed by hand", HealthColor.Red, ReasonCodes.Exited, "exited with 137 (killed), 5 min ago" },
            {
                "child killed, stopped",
                HealthColor.Amber,
                ReasonCodes.Stopped,
                "stopped on request, exit 137 (killed), 5 min ago; a process in it was killed for memory before"
            },
            {
                "child killed, ends with 3",
                HealthColor.Red,
                ReasonCodes.Exited,
                "exited with 3, 8 min ago; a process in it was killed for memory before"
            },
            {
                "child killed long before a kill",
                HealthColor.Red,
                ReasonCodes.Exited,
                "exited with 137 (killed), 2 min ago; a process in it was killed for memory before"
            },
            { "loop after a child was killed", HealthColor.Red, ReasonCodes.RestartLoop, "restarting: exit 3, 7 times" },
            { "one-off failed", HealthColor.Grey, ReasonCodes.Finished, "one-off run ended with 3, 5 min ago" },
            { "state of a newer engine", HealthColor.Amber, ReasonCodes.UnknownState, "in a state that is not known here: hibernating" },
            { "no state", HealthColor.Amber, ReasonCodes.UnknownState, "the engine does not say its state" },
            { "unreadable", HealthColor.Amber, ReasonCodes.Unreadable, "cannot be inspected, listed as running: The engine answered 500" },
            {
                "unreadable, exited",
                HealthColor.Amber,
                ReasonCodes.Unreadable,
                "cannot be inspected, listed as exited: The engine answered 500"
            },
            {
                "unreadable, restarting",
                HealthColor.Red,
                ReasonCodes.Unreadable,
                "cannot be inspected, listed as restarting: The engine answered 500"
            },
            {
                "network of one that is gone",
                HealthColor.Amber,
                ReasonCodes.NetworkGone,
                "lives in the network of a container that is gone"
            },
            {
                "processes of one that is gone",
                HealthColor.Amber,
                ReasonCodes.NetworkGone,
                "lives in the processes of a container that is gone"
            },
            {
                "network of one that is stopped",
                HealthColor.Amber,
                ReasonCodes.NetworkGone,
                "lives in the network of vpn, which does not run (exited)"
            },
            {
                "network of one that was restarted",
                HealthColor.Amber,
                ReasonCodes.NetworkGone,
                "lost its network when vpn was restarted: restart it too"
            },
            { "network of one that runs", HealthColor.Green, "", "" },
            { "replaced task", HealthColor.Grey, ReasonCodes.Finished, "replaced by a newer task, 5 min ago" },
        };

    [Theory]
    [MemberData(nameof(Verdicts))]
    public void Container_InThisState_IsJudgedSo(string state, HealthColor color, string code, string text)
    {
        var (judged, reasons) = HealthRules.Judge(Case(state), Facts.Now);

        Assert.Equal(color, judged);
        Assert.Equal((code, text), (reasons.FirstOrDefault()?.Code ?? "", reasons.FirstOrDefault()?.Text ?? ""));
        Assert.All(reasons, reason => Assert.Equal("web", reason.Container));
    }

    [Fact]
    public void Container_WithSeveralTroubles_TellsTheWorstFirst()
    {
        var (color, reasons) = HealthRules.Judge(
            new HealthCase(
                Web with
                {
                    Healthcheck = "unhealthy",
                    FailingStreak = 2,
                    MemoryLimitBytes = 100,
                },
                LifeLog.Empty,
                default(Alarms) with
                {
                    Memory = Raised(4),
                },
                new CurrentLoad(0.1, 93, null, TimeSpan.Zero, Overdue: true)
            ),
            Facts.Now
        );

        Assert.Equal(HealthColor.Red, color);
        Assert.Equal([ReasonCodes.Unhealthy, ReasonCodes.MemoryHigh, ReasonCodes.FiguresOverdue], reasons.Select(reason => reason.Code));
    }

    [Theory]
    [InlineData(1, HealthColor.Grey, "put aside while its successor takes its place")]
    [InlineData(180, HealthColor.Amber, "left over from a replacement, 3 h ago: start it under its own name, or remove it")]
    public void Container_PutAsideByAReplacement_IsNoCrash(int minutes, HealthColor color, string text)
    {
        var web = Facts.Exited("web", 143, Minutes(minutes));
        var aside = web with { Name = ReplacedName.Create("web", web.Id) };

        var (judged, reasons) = HealthRules.Judge(CaseFor(aside), Facts.Now);

        Assert.Equal((color, text), (judged, reasons.Single().Text));
        Assert.Equal(
            HealthColor.Red,
            HealthRules.Judge(CaseFor(web with { Name = ReplacedName.Create("web", new string('0', 64)) }), Facts.Now).Color
        );
    }

    private static HealthCase Case(string state) =>
        state switch
        {
            "green" => CaseFor(Web),
            "exit 2" => CaseFor(Facts.Exited("web", 2, Minutes(5))),
            "exit 137" => CaseFor(Facts.Exited("web", 137, Minutes(5))),
            "stopped by hand" => CaseFor(
                Facts.Exited("web", 143, Minutes(5)),
                Life(Facts.Event("die", Minutes(5), 143), Facts.Event("stop", Minutes(5)))
            ),
            "finished" => CaseFor(Facts.Exited("web", 0, TimeSpan.FromHours(3))),
            "stopped service" => CaseFor(Facts.Exited("web", 0, TimeSpan.FromDays(2)) with { RestartPolicy = "unless-stopped" }),
            "killed for memory" => CaseFor(Facts.Exited("web", 137, Minutes(8)) with { OomKilled = true, MemoryLimitBytes = 16 << 20 }),
            "killed inside" => CaseFor(Web with { MemoryLimitBytes = 16 << 20 }, Life(Facts.Event("oom", Minutes(2)))),
            "child killed, finished" => CaseFor(Facts.Exited("web", 0, Minutes(8)) with { OomKilled = true }),
            "cannot start again" => CaseFor(
                Facts.Exited("web", 0, Minutes(8)) with
                {
                    Error = "Bind for 127.0.0.1:80 failed: port is already allocated",
                }
            ),
            "dead" => CaseFor(Web with { State = "dead" }),
            "created" => CaseFor(Web with { State = "created", StartedAt = null }),
            "port taken" => CaseFor(
                Web with
                {
                    State = "created",
                    ExitCode = 128,
                    Error =
                        "driver failed programming external connectivity on endpoint x: Bind for 127.0.0.1:80 failed: port is already "
                        + "allocated",
                }
            ),
            "no command" => CaseFor(
                Web with
                {
                    State = "created",
                    ExitCode = 127,
                    Error =
                        "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: "
                        + "exec: \"/nope\": stat /nope: no such file or directory: unknown",
                }
            ),
            "unhealthy" => CaseFor(Web with { Healthcheck = "unhealthy", FailingStreak = 31 }),
            "loop" => CaseFor(Web with { State = "restarting", ExitCode = 3, RestartCount = 30 }, Crashes(14)),
            "loop, just running" => CaseFor(Web with { StartedAt = Facts.Now.AddSeconds(-1) }, Crashes(14)),
            "loop of old" => CaseFor(Web with { State = "restarting", ExitCode = 3, RestartCount = 7 }),
            "paused" => CaseFor(Web with { State = "paused" }),
            "starting" => CaseFor(Web with { Healthcheck = "starting", HealthGrace = Minutes(1), StartedAt = Facts.Now.AddSeconds(-30) }),
            "starting too long" => CaseFor(
                Web with
                {
                    Healthcheck = "starting",
                    HealthGrace = Minutes(1),
                    StartedAt = Facts.Now - Minutes(6),
                }
            ),
            "restarted" => CaseFor(
                Web with
                {
                    StartedAt = Facts.Now.AddSeconds(-40),
                    RestartCount = 1,
                },
                Life(Facts.Event("die", TimeSpan.FromSeconds(41), 1))
            ),
            "restarted by hand" => CaseFor(
                Web with
                {
                    StartedAt = Facts.Now.AddSeconds(-40),
                },
                Life(
                    Facts.Event("die", TimeSpan.FromSeconds(42), 0),
                    Facts.Event("stop", TimeSpan.FromSeconds(42)),
                    Facts.Event("restart", TimeSpan.FromSeconds(40))
                )
            ),
            "restarted long ago" => CaseFor(Web with { RestartCount = 12 }),
            "memory" => new(
                Web with
                {
                    MemoryLimitBytes = 1000,
                },
                LifeLog.Empty,
                default(Alarms) with
                {
                    Memory = Raised(4),
                },
                new CurrentLoad(0, 931, null, TimeSpan.Zero, false)
            ),
            "cpu" => new(
                Web with
                {
                    CpuLimitCores = 0.5,
                },
                LifeLog.Empty,
                default(Alarms) with
                {
                    Cpu = Raised(5),
                    Throttled = Raised(5),
                },
                new CurrentLoad(0.5, 1, 0.9, TimeSpan.Zero, false)
            ),
            "throttled" => new(
                Web with
                {
                    CpuLimitCores = 0.5,
                },
                LifeLog.Empty,
                default(Alarms) with
                {
                    Throttled = Raised(0),
                },
                new CurrentLoad(0.2, 1, 0.3, TimeSpan.Zero, false)
            ),
            "overdue" => new(Web, LifeLog.Empty, default, new CurrentLoad(0.2, 1, null, TimeSpan.FromSeconds(44), Overdue: true)),
            "stopped by hand, killed after its timeout" => CaseFor(
                Facts.Exited("web", 137, Minutes(5)),
                Life(Facts.Event("die", Minutes(5), 137), Facts.Event("stop", Minutes(5)))
            ),
            "stopped by hand, told before the death" => CaseFor(
                Facts.Exited("web", 143, Minutes(5)),
                Life(Facts.Event("stop", Minutes(5)), Facts.Event("die", Minutes(5), 143))
            ),
            "stopped by hand after a crash" => CaseFor(
                Facts.Exited("web", 3, Minutes(5)),
                Life(
                    Facts.Event("stop", Minutes(9)),
                    Facts.Event("die", Minutes(9), 0),
                    Facts.Event("start", Minutes(8)),
                    Facts.Event("die", Minutes(5), 3)
                )
            ),
            "stopped by hand, ends with 1" => CaseFor(
                Facts.Exited("web", 1, Minutes(5)),
                Life(Facts.Event("die", Minutes(5), 1), Facts.Event("stop", Minutes(5)))
            ),
            "stopped before it was watched" => CaseFor(Facts.Exited("web", 143, TimeSpan.FromDays(2)) with { RestartPolicy = "always" }),
            "crashed for good before it was watched" => CaseFor(
                Facts.Exited("web", 3, TimeSpan.FromDays(2)) with
                {
                    RestartPolicy = "always",
                }
            ),
            "killed by hand" => CaseFor(
                Facts.Exited("web", 137, Minutes(5)) with
                {
                    RestartPolicy = "always",
                },
                Life(Facts.Event("die", Minutes(5), 137))
            ),
            "child killed, stopped" => CaseFor(
                Facts.Exited("web", 137, Minutes(5)) with
                {
                    OomKilled = true,
                },
                Life(Facts.Event("die", Minutes(5), 137), Facts.Event("stop", Minutes(5)))
            ),
            "child killed, ends with 3" => CaseFor(Facts.Exited("web", 3, Minutes(8)) with { OomKilled = true }),
            "child killed long before a kill" => CaseFor(
                Facts.Exited("web", 137, Minutes(2)) with
                {
                    OomKilled = true,
                },
                Life(Facts.Event("oom", Minutes(9)), Facts.Event("die", Minutes(2), 137))
            ),
            "loop after a child was killed" => CaseFor(Web with { State = "restarting", ExitCode = 3, RestartCount = 7, OomKilled = true }),
            "one-off failed" => CaseFor(
                Facts.Exited("web", 3, Minutes(5)) with
                {
                    Labels = Facts.Container("web", ("com.docker.compose.oneoff", "True")).Labels,
                }
            ),
            "state of a newer engine" => CaseFor(Web with { State = "hibernating" }),
            "no state" => CaseFor(Web with { State = "unknown" }),
            "unreadable" => CaseFor(Web with { Unreadable = "The engine answered 500." }),
            "unreadable, exited" => CaseFor(Web with { State = "exited", Unreadable = "The engine answered 500." }),
            "unreadable, restarting" => CaseFor(Web with { State = "restarting", Unreadable = "The engine answered 500." }),
            "network of one that is gone" => CaseFor(Web) with { Lenders = [new Lender("network", null)] },
            "processes of one that is gone" => CaseFor(Web) with { Lenders = [new Lender("processes", null)] },
            "network of one that is stopped" => CaseFor(Web) with { Lenders = [new Lender("network", Facts.Exited("vpn", 0, Minutes(5)))] },
            "network of one that was restarted" => CaseFor(Web) with
            {
                Lenders = [new Lender("network", Facts.Container("vpn") with { StartedAt = Facts.Now - Minutes(5) })],
            },
            "network of one that runs" => CaseFor(Web) with { Lenders = [new Lender("network", Facts.Container("vpn"))] },
            "replaced task" => CaseFor(Facts.Exited("web", 1, Minutes(5))) with { Replaced = true },
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such case."),
        };

    private static HealthCase CaseFor(ContainerFacts facts, LifeLog? life = null) => new(facts, life ?? LifeLog.Empty, default, default);

    private static LifeLog Life(params EngineEvent[] events) => events.Aggregate(LifeLog.Empty, (life, what) => life.With(what));

    private static LifeLog Crashes(int count) =>
        Life([.. Enumerable.Range(0, count).Select(i => Facts.Event("die", Minutes(6) - TimeSpan.FromSeconds(i * 20), 3))]);

    private static Alarm Raised(int minutes) => new(Raised: true, Facts.Now - Minutes(minutes), 0);

    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);

    [Fact]
    public void TwoRequestedRestarts_SoonAfterEachOther_AreNoCrashes_InEitherOrderOfEvents()
    {
        foreach (var (first, second) in new[] { ("stop", "die"), ("die", "stop") })
        {
            var log = LifeLog.Empty;
            foreach (var seconds in new[] { 40, 20 })
            {
                foreach (var action in new[] { first, second, "start", "restart" })
                {
                    log = log.With(Facts.Event(action, TimeSpan.FromSeconds(seconds), action == "die" ? 137 : null));
                    Assert.True(
                        action is "die" && first is "die" || log.Crashes(Facts.Now).IsEmpty,
                        $"{first} first, after {action}, {seconds} s ago"
                    );
                }
            }
        }
    }

    [Fact]
    public void StopSentAgain_DoesNotHideALaterCrash()
    {
        var log = LifeLog
            .Empty.With(Facts.Event("stop", TimeSpan.FromSeconds(40)))
            .With(Facts.Event("die", TimeSpan.FromSeconds(40), 143))
            .With(Facts.Event("start", TimeSpan.FromSeconds(40)))
            .With(Facts.Event("stop", TimeSpan.FromSeconds(40)))
            .With(Facts.Event("die", TimeSpan.FromSeconds(20), 3));

        Assert.Single(log.Crashes(Facts.Now));
    }
}
