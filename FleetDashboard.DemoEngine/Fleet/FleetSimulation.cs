using FleetDashboard.DemoEngine.Faults;
using Microsoft.Extensions.Options;

namespace FleetDashboard.DemoEngine.Fleet;

/// <summary>Advances the fleet with time: scheduled starts and exits, crashes, churn.</summary>
internal sealed class FleetSimulation : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(20);

    private readonly DemoFleet _fleet;
    private readonly ActiveFaults _faults;
    private readonly DemoOptions _options;
    private readonly TimeProvider _time;
    private readonly ulong _seed;
    private long _crashes;
    private long _passengers;
    private double _churnDebt;
    private DateTimeOffset _last;

    public FleetSimulation(DemoFleet fleet, ActiveFaults faults, IOptions<DemoOptions> options, TimeProvider time)
    {
        (_fleet, _faults, _options, _time) = (fleet, faults, options.Value, time);
        _seed = SeededRandom.Seed(_options.Seed, "accidents");
        _last = fleet.StartedAt;
        if (_options.AccidentEvery > TimeSpan.Zero)
        {
            PlanAccident(fleet.StartedAt);
        }
    }

    /// <summary>Applies all changes up to the current time.</summary>
    internal void Advance()
    {
        lock (_fleet.Gate)
        {
            var now = _time.GetUtcNow();
            _fleet.Schedule.Run(now);
            Churn(now);
            _last = now;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Beat, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Advance();
        }
    }

    // Crashes have random intervals around the mean, so that they do not look scheduled.
    private void PlanAccident(DateTimeOffset now)
    {
        var wait = -Math.Log(1 - SeededRandom.Fraction(_seed, _crashes)) * _options.AccidentEvery;
        _fleet.Schedule.Plan(
            now + wait,
            due =>
            {
                HaveAccident(due);
                _crashes++;
                PlanAccident(due);
            }
        );
    }

    private void HaveAccident(DateTimeOffset at)
    {
        var all = _fleet.All;
        var victim = all[(int)(SeededRandom.Roll(_seed, -1 - _crashes) % (ulong)all.Count)];
        if (
            victim is
            { State.Status: RunStatus.Running, Plan: { Behavior: Behavior.Steady, Kind: ContainerKind.Web or ContainerKind.Worker } }
        )
        {
            _fleet.Lifecycle.Die(victim, at, 1);
        }
    }

    private void Churn(DateTimeOffset now)
    {
        _churnDebt = Math.Min(_churnDebt + _faults.Current.ChurnPerMinute / 60.0 * (now - _last).TotalSeconds, 100);
        for (; _churnDebt >= 1; _churnDebt--)
        {
            var container = _fleet.AddPassenger(_passengers++, now);
            _fleet.Lifecycle.Start(container, now, byHand: true);
            _fleet.Schedule.Plan(now + ShortLife, due => _fleet.Remove(container, due));
        }
    }
}
