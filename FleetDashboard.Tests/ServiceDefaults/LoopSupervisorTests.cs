using System.Reflection;
using FleetDashboard.ServiceDefaults;
using FleetDashboard.Tests.Support;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FleetDashboard.Tests.ServiceDefaults;

/// <summary>All long-running loops are supervised, and none of them ends silently.</summary>
public sealed class LoopSupervisorTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ErrorLog _log = new();

    private ILogger Logger => _log.CreateLogger("test");

    public static TheoryData<string, Func<CancellationToken, Task>> Failures =>
        new()
        {
            { "throws at once", _ => throw new OverflowException("too large") },
            {
                "throws later",
                async _ =>
                {
                    await Task.Yield();
                    throw new ArgumentOutOfRangeException("delay");
                }
            },
            { "returns", _ => Task.CompletedTask },
            { "ends with a cancellation of its own", _ => throw new OperationCanceledException("not ours") },
        };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Loop_Fails_IsLoggedAndRestarted(string how, Func<CancellationToken, Task> failure)
    {
        using var stop = new CancellationTokenSource();
        var third = new TaskCompletionSource();
        var runs = 0;
        var running = LoopSupervisor.RunAsync(
            new SupervisedLoop(
                how,
                async token =>
                {
                    if (++runs < 3)
                    {
                        await failure(token);
                        return;
                    }

                    third.SetResult();
                    await Task.Delay(Timeout.InfiniteTimeSpan, _time, token);
                }
            ),
            _time,
            Logger,
            stop.Token
        );

        while (!third.Task.IsCompleted)
        {
            _time.Advance(LoopSupervisor.LongestPause);
            await Task.Yield();
        }

        await stop.CancelAsync();
        await running;
        Assert.Equal(2, _log.Entries.Count(entry => entry.Contains($"'{how}' ended", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task OneLoop_Fails_AllOtherLoopsContinue()
    {
        using var service = new TwoLoops(_time, Logger);
        await service.StartAsync(TestContext.Current.CancellationToken);

        while (service.Failed < 5)
        {
            _time.Advance(LoopSupervisor.LongestPause);
            await Task.Yield();
        }

        Assert.False(service.ExecuteTask!.IsCompleted);
        Assert.Equal(1, service.Steady);
        await service.StopAsync(TestContext.Current.CancellationToken);
        Assert.True(service.ExecuteTask.IsCompletedSuccessfully);
    }

    [Fact]
    public void EveryService_OfBothPrograms_IsSupervised()
    {
        Assembly[] programs =
        [
            typeof(FleetDashboard.Collector.Engine.EngineCalls).Assembly,
            typeof(FleetDashboard.Web.Clients.FleetHosts).Assembly,
        ];
        var services = programs
            .SelectMany(program => program.GetTypes())
            .Where(type => type is { IsAbstract: false } && typeof(BackgroundService).IsAssignableFrom(type))
            .ToList();

        Assert.NotEmpty(services);
        Assert.All(
            services,
            service => Assert.True(typeof(SupervisedService).IsAssignableFrom(service), $"{service} must derive from SupervisedService.")
        );
    }

    private sealed class TwoLoops(TimeProvider time, ILogger logger) : SupervisedService(time, logger)
    {
        public int Failed { get; private set; }

        public int Steady { get; private set; }

        protected override IEnumerable<SupervisedLoop> Loops =>
            [
                new(
                    "fails",
                    _ =>
                    {
                        Failed++;
                        throw new InvalidOperationException("again");
                    }
                ),
                new(
                    "steady",
                    async token =>
                    {
                        Steady++;
                        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                    }
                ),
            ];
    }
}
