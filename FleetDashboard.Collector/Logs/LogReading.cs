using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts.Logs;

namespace FleetDashboard.Collector.Logs;

/// <summary>One answer of the engine after the other, joined without a gap, into a feed.</summary>
internal sealed class LogReading(LogMember member, LogFeed feed, LogDependencies ways)
{
    /// <summary>An answer says the time in whole seconds: a difference below this is none.</summary>
    private static readonly TimeSpan SmallestSkew = TimeSpan.FromSeconds(2);

    private readonly LogSeam _seam = new();
    private TimeSpan _skew;

    /// <summary>What the engine said of the container before its log was opened.</summary>
    public ContainerFacts? Facts { get; set; }

    /// <summary>When the engine was first asked for the log, by its own clock; null before.</summary>
    public DateTimeOffset? EngineTime { get; set; }

    /// <summary>Why the engine cannot read this log at all; null where it can.</summary>
    public LogEnd? Refusal { get; private set; }

    /// <inheritdoc cref="LogSeam.Last"/>
    public LogTime? Last => _seam.Last;

    /// <inheritdoc cref="LogSeam.ResumeBy"/>
    public LogTime? ResumeAt => _seam.ResumeBy(EngineNow);

    /// <summary>
    /// What the engine's clock shows: ours, and how far that was from it when it last answered. Lines are stamped by the engine's clock.
    /// </summary>
    private LogTime EngineNow => new(ways.Time.GetUtcNow() + _skew);

    public async Task<LogOpening> OpenAsync(LogWindow window, CancellationToken cancellationToken)
    {
        var asked = ways.Time.GetUtcNow();
        var opening = await ways.Logs.OpenAsync(member.Id, Facts?.Terminal ?? false, window, cancellationToken);
        if (opening is LogOpening.Opened { Stream.Date: { } date })
        {
            var skew = -EngineClock.Difference(new EngineMoment(date, asked, ways.Time.GetUtcNow()));
            _skew = skew.Duration() < SmallestSkew ? TimeSpan.Zero : skew;
        }

        if (opening is LogOpening.Unsupported)
        {
            var driver = Facts?.LogDriver is { Length: > 0 } name ? $"the log driver '{name}'" : "a log driver that cannot be read";
            Refusal = new LogEnd(
                LogEndReasons.Finished,
                $"{member.Name} uses {driver}, and the engine keeps nothing to read. Look where that driver sends its lines, or recreate the container with json-file, local or journald."
            );
        }

        return opening;
    }

    /// <param name="window">What to ask for.</param>
    /// <param name="expected">The first line must not be newer than this; else the window began too late.</param>
    /// <param name="reading">Ends the reading; what was read is still handed on.</param>
    /// <param name="cancellationToken">Ends all.</param>
    public async Task ReadAsync(LogWindow window, LogTime? expected, CancellationToken reading, CancellationToken cancellationToken)
    {
        if (!await TryReadAsync(window, expected, reading, cancellationToken))
        {
            // More was printed meanwhile than the window holds. Without a tail the engine looks through all of the log.
            await TryReadAsync(window with { Tail = null }, expected, reading, cancellationToken);
        }
    }

    /// <summary>False, with nothing handed on, where the window began too late.</summary>
    private async Task<bool> TryReadAsync(
        LogWindow window,
        LogTime? expected,
        CancellationToken reading,
        CancellationToken cancellationToken
    )
    {
        if (await OpenAsync(window, reading) is not LogOpening.Opened { Stream: var stream })
        {
            return true;
        }

        using var _ = stream;
        EngineTime ??= stream.Date ?? ways.Time.GetUtcNow();
        _seam.Begin(window.Follow ? window.Since : null);
        for (var (first, more) = (true, true); more; )
        {
            var batch = await feed.RentAsync(cancellationToken);
            try
            {
                more = await stream.Reader.FillAsync(batch, reading);
                if (first && batch.Lines is [var line, ..])
                {
                    first = false;
                    if (line.At > expected && window.Tail is not null)
                    {
                        return false;
                    }

                    if (line.At > expected)
                    {
                        await feed.MarkAsync(
                            line.At,
                            LogMarkKinds.Dropped,
                            "The log was rotated faster than it was read: lines before this one may be missing.",
                            cancellationToken
                        );
                    }
                }

                _seam.Apply(batch, window.Follow ? EngineNow : null);
                if (batch.Lines.Count > 0)
                {
                    await feed.SendAsync(batch, cancellationToken);
                    batch = null;
                }
            }
            finally
            {
                if (batch is not null)
                {
                    feed.Return(batch);
                }
            }
        }

        return true;
    }
}
