using FleetDashboard.DemoEngine.Faults;
using Microsoft.Extensions.Options;

namespace FleetDashboard.DemoEngine.Fleet;

/// <summary>Lets time pass: planned starts and deaths, accidents, churn.</summary>
internal sealed class FleetLife : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PassengerLives = TimeSpan.FromSeconds(20);

    private readonly DemoFleet _fleet;
    private readonly FaultBoard _faults;
    private readonly DemoOptions _options;
    private readonly TimeProvider _time;
    private readonly ulong _luck;
    private long _accidents;
    private long _passengers;
    private double _churnDebt;
    private DateTimeOffset _last;

    public FleetLife(DemoFleet fleet, FaultBoard faults, IOptions<DemoOptions> options, TimeProvider time)
    {
        (_fleet, _faults, _options, _time) = (fleet, faults, options.Value, time);
        _luck = Dice.Seed(_options.Seed, "accidents");
        _last = fleet.StartedAt;
        if (_options.AccidentEvery > TimeSpan.Zero)
        {
            PlanAccident(fleet.StartedAt);
        }
    }

    /// <summary>Brings the fleet up to the present.</summary>
    internal void Advance()
    {
        lock (_fleet.Gate)
        {
            var now = _time.GetUtcNow();
            _fleet.Agenda.Run(now);
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

    // Accidents come at random distances around the mean, so that nobody mistakes them for a schedule.
    private void PlanAccident(DateTimeOffset now)
    {
        var wait = -Math.Log(1 - Dice.Fraction(_luck, _accidents)) * _options.AccidentEvery;
        _fleet.Agenda.Plan(
            now + wait,
            due =>
            {
                HaveAccident(due);
                _accidents++;
                PlanAccident(due);
            }
        );
    }

    private void HaveAccident(DateTimeOffset at)
    {
        var all = _fleet.All;
        var victim = all[(int)(Dice.Roll(_luck, -1 - _accidents) % (ulong)all.Count)];
        if (victim is { State.Status: RunStatus.Running, Plan: { Temper: Temper.Steady, Kind: ContainerKind.Web or ContainerKind.Worker } })
        {
            _fleet.Lives.Die(victim, at, 1);
        }
    }

    private void Churn(DateTimeOffset now)
    {
        _churnDebt = Math.Min(_churnDebt + _faults.Current.ChurnPerMinute / 60.0 * (now - _last).TotalSeconds, 100);
        for (; _churnDebt >= 1; _churnDebt--)
        {
            var passenger = _fleet.AddPassenger(_passengers++, now);
            _fleet.Lives.Start(passenger, now, byHand: true);
            _fleet.Agenda.Plan(now + PassengerLives, due => _fleet.Remove(passenger, due));
        }
    }
}
