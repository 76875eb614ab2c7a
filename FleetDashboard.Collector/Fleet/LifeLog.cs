using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Fleet;

/// <summary>One death of a container.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="ExitCode">The code it ended with.</param>
/// <param name="Requested">True where a user asked the engine to stop or restart it.</param>
internal sealed record Death(DateTimeOffset At, int ExitCode, bool Requested);

/// <summary>The recent deaths of one container, from the engine's events. Immutable and bounded.</summary>
internal sealed record LifeLog
{
    /// <summary>How far back a restart loop is looked for.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    // The engine's fastest restart loop makes about 15 deaths in the window.
    private const int Capacity = 64;

    public static readonly LifeLog Empty = new();

    /// <summary>How far apart a stop and the death that it causes may be.</summary>
    private static readonly TimeSpan StopToDeath = TimeSpan.FromSeconds(30);

    public ImmutableArray<Death> Deaths { get; private init; } = [];

    /// <summary>When the kernel last killed a process in it because memory ran out.</summary>
    public DateTimeOffset? OutOfMemoryAt { get; private init; }

    // A stop whose death was not received yet: a busy engine sends the two in either order.
    private DateTimeOffset? StoppedAt { get; init; }

    public LifeLog With(EngineEvent what) =>
        what.Action switch
        {
            "die" when !Deaths.IsEmpty && Deaths[^1].At == what.At => this, // Sent again after a reconnection.
            "die" => this with
            {
                Deaths = [.. Recent(what.At).TakeLast(Capacity - 1), new Death(what.At, what.ExitCode ?? 0, IsNear(StoppedAt, what.At))],
                StoppedAt = null,
            },
            "stop" when IsOfNextDeath(what.At) => this with { StoppedAt = what.At },
            "start" => this with { StoppedAt = null },
            "stop" or "restart" when !Deaths.IsEmpty && !Deaths[^1].Requested => this with
            {
                Deaths = Deaths.SetItem(Deaths.Length - 1, Deaths[^1] with { Requested = true }),
            },
            "oom" => this with { OutOfMemoryAt = what.At },
            _ => this,
        };

    /// <summary>The deaths of the last ten minutes that no user asked for.</summary>
    public ImmutableArray<Death> Crashes(DateTimeOffset now) => [.. Recent(now).Where(death => !death.Requested)];

    // The last death was another one: long ago, or already known to be requested. A stop that is sent again has the time of that death.
    private bool IsOfNextDeath(DateTimeOffset at) =>
        Deaths.IsEmpty || !IsNear(Deaths[^1].At, at) || (Deaths[^1].Requested && at > Deaths[^1].At);

    private static bool IsNear(DateTimeOffset? one, DateTimeOffset other) => (one - other)?.Duration() <= StopToDeath;

    private IEnumerable<Death> Recent(DateTimeOffset now) => Deaths.Where(death => now - death.At <= Window);
}
