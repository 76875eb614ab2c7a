using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Fleet;

/// <summary>One end of a container.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="ExitCode">The code it ended with.</param>
/// <param name="Requested">True where somebody asked the engine to stop or restart it.</param>
internal sealed record Death(DateTimeOffset At, int ExitCode, bool Requested);

/// <summary>What happened to one container lately, from the engine's events. Immutable and bounded.</summary>
internal sealed record LifeLog
{
    /// <summary>How far back is looked for a loop.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    // A loop at the engine's fastest makes some 15 deaths in the window; what is beyond says nothing more.
    private const int Capacity = 64;

    public static readonly LifeLog Empty = new();

    /// <summary>The engine sends the stop and the death that it brought about this close to each other.</summary>
    private static readonly TimeSpan StopToDeath = TimeSpan.FromSeconds(30);

    public ImmutableArray<Death> Deaths { get; private init; } = [];

    /// <summary>When the kernel last killed something in it for want of memory.</summary>
    public DateTimeOffset? OutOfMemoryAt { get; private init; }

    // A stop whose death has yet to be told: a busy engine sends the two in either order.
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
            "stop" when Deaths.IsEmpty || !IsNear(Deaths[^1].At, what.At) => this with { StoppedAt = what.At },
            "start" => this with { StoppedAt = null },
            "stop" or "restart" when !Deaths.IsEmpty && !Deaths[^1].Requested => this with
            {
                Deaths = Deaths.SetItem(Deaths.Length - 1, Deaths[^1] with { Requested = true }),
            },
            "oom" => this with { OutOfMemoryAt = what.At },
            _ => this,
        };

    /// <summary>The deaths of the last ten minutes that nobody asked for.</summary>
    public ImmutableArray<Death> Crashes(DateTimeOffset now) => [.. Recent(now).Where(death => !death.Requested)];

    private static bool IsNear(DateTimeOffset? one, DateTimeOffset other) => (one - other)?.Duration() <= StopToDeath;

    private IEnumerable<Death> Recent(DateTimeOffset now) => Deaths.Where(death => now - death.At <= Window);
}
