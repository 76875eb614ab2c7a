using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts.Logs;

namespace FleetDashboard.Collector.Logs;

/// <summary>Reads one response of the engine after another into a feed, without gaps or duplicates.</summary>
internal sealed class LogReading(LogMember member, LogFeed feed, LogDependencies dependencies)
{
    /// <summary>The Date header has whole seconds, so a smaller difference between the clocks is ignored.</summary>
    private static readonly TimeSpan SmallestSkew = TimeSpan.FromSeconds(2);

    private readonly LogResumePoint _resume = new();
    private TimeSpan _skew;

    /// <summary>The container as inspected before its log was opened.</summary>
    public ContainerFacts? Facts { get; set; }

    /// <summary>When the engine was first asked for the log, by its own clock. Null before.</summary>
    public DateTimeOffset? EngineTime { get; set; }

    /// <summary>Why the engine cannot read this log at all. Null if it can.</summary>
    public LogEnd? Refusal { get; private set; }

    /// <inheritdoc cref="LogResumePoint.Last"/>
    public LogTime? Last => _resume.Last;

    /// <inheritdoc cref="LogResumePoint.ResumeBy"/>
    public LogTime? ResumeAt => _resume.ResumeBy(EngineNow);

    /// <summary>
    /// The engine's current time: our clock, corrected by the difference measured at its last response. The engine's clock timestamps the
    /// lines.
    /// </summary>
    private LogTime EngineNow => new(dependencies.Time.GetUtcNow() + _skew);

    public async Task<LogOpening> OpenAsync(LogWindow window, CancellationToken cancellationToken)
    {
        var asked = dependencies.Time.GetUtcNow();
        var opening = await dependencies.Logs.OpenAsync(member.Id, Facts?.Terminal ?? false, window, cancellationToken);
        if (opening is LogOpening.Opened { Stream.Date: { } date })
        {
            var skew = -EngineClock.Difference(new EngineMoment(date, asked, dependencies.Time.GetUtcNow()));
            _skew = skew.Duration() < SmallestSkew ? TimeSpan.Zero : skew;
        }

        if (opening is LogOpening.Unsupported)
        {
            var driver = Facts?.LogDriver is { Length: > 0 } name
                ? $"the log driver '{name}'"
                : "a log driver that does not support reading";
            Refusal = new LogEnd(
                LogEndReasons.Finished,
                $"{member.Name} uses {driver}, so the engine keeps no log. "
                    + "Read the log where that driver sends it, or recreate the container with json-file, local or journald."
            );
        }

        return opening;
    }

    /// <param name="window">What to request.</param>
    /// <param name="expected">The first line must not be newer than this. Otherwise the window started too late.</param>
    /// <param name="reading">Ends the reading. Lines read so far are still sent.</param>
    /// <param name="cancellationToken">Cancels everything.</param>
    public async Task ReadAsync(LogWindow window, LogTime? expected, CancellationToken reading, CancellationToken cancellationToken)
    {
        if (!await TryReadAsync(window, expected, reading, cancellationToken))
        {
            // More lines were printed meanwhile than the window holds. Without a tail, the engine searches the whole log.
            await TryReadAsync(window with { Tail = null }, expected, reading, cancellationToken);
        }
    }

    /// <summary>False, without sending anything, if the window started too late.</summary>
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
        EngineTime ??= stream.Date ?? dependencies.Time.GetUtcNow();
        _resume.Begin(window.Follow ? window.Since : null);
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
                            "The log was rotated faster than it was read. Lines before this one may be missing.",
                            cancellationToken
                        );
                    }
                }

                _resume.Apply(batch, window.Follow ? EngineNow : null);
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
