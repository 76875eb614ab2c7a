using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Metadata;

/// <summary>
/// Reads the metadata file again when it changes. By looking every few seconds: change notifications do not come through every kind of
/// mount, and follow the file that was replaced. For one reader.
/// </summary>
internal sealed partial class FleetFileWatcher(IOptions<MetadataOptions> options, TimeProvider time, ILogger<FleetFileWatcher> logger)
{
    /// <summary>
    /// After so long a change must still be the same: who writes in two steps, or removes before writing, is not caught halfway.
    /// </summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(500);

    private readonly string _path = Path.GetFullPath(options.Value.File is { Length: > 0 } file ? file : ".");
    private FileContent? _taken;
    private FileContent? _pending;
    private FleetFile _good = FleetFile.Empty;

    private string Name => Path.GetFileName(_path);

    /// <summary>What is in force at once, and again after each change; nothing at all where no file is set.</summary>
    public async IAsyncEnumerable<FleetMetadata> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (options.Value.File is { Length: > 0 })
        {
            if (Look() is { } changed)
            {
                yield return changed;
            }

            await Task.Delay(_pending is null ? options.Value.Interval : Settle, time, cancellationToken);
        }
    }

    /// <summary>One look. Gives what is in force now where that, or what is to be said about it, may have changed.</summary>
    internal FleetMetadata? Look()
    {
        var content = FileContent.Read(_path);
        if (content == _taken)
        {
            _pending = null;
            return null;
        }

        if (_taken is not null && content != _pending)
        {
            _pending = content;
            return null;
        }

        var before = _taken;
        (_taken, _pending) = (content, null);
        return content switch
        {
            FileContent.Missing => Missing(before),
            FileContent.Refused refused => Kept([$"{Name} {refused.Reason}"]),
            FileContent.Bytes { Utf8.IsEmpty: true } => Taken(FleetFile.Empty, [$"{Name} is empty; nothing is known from it."]),
            FileContent.Bytes bytes => Parsed(FleetFileParser.Parse(bytes.Utf8.Span)),
            _ => null,
        };
    }

    private FleetMetadata Parsed(FleetFileReading reading) =>
        reading.File is { } file ? Taken(file, []) : Kept([.. reading.Errors.Select(mistake => mistake.In(Name))]);

    private FleetMetadata Taken(FleetFile file, ImmutableArray<string> warnings)
    {
        _good = file;
        LogTaken(_path, file.Apps.Length);
        return new FleetMetadata(Name, file, warnings);
    }

    // A file that was taken away is a decision, and its effects go with it; a mistake is none.
    private FleetMetadata Missing(FileContent? before)
    {
        _good = FleetFile.Empty;
        if (before is not null || !options.Value.Optional)
        {
            LogMissing(_path);
        }

        return new FleetMetadata(
            Name,
            _good,
            options.Value.Optional ? [] : [$"{Name} is not there; nothing is known from it until it is."]
        );
    }

    private FleetMetadata Kept(ImmutableArray<string> mistakes)
    {
        foreach (var mistake in mistakes)
        {
            LogMistake(mistake, _path);
        }

        return new FleetMetadata(
            Name,
            _good,
            [
                .. mistakes,
                _good == FleetFile.Empty
                    ? $"Nothing of {Name} is in force until that is mended."
                    : $"Until that is mended, what {Name} said before stays in force.",
            ]
        );
    }

    [LoggerMessage(LogLevel.Information, "Took over {Path}: {Apps} apps.")]
    private partial void LogTaken(string path, int apps);

    [LoggerMessage(LogLevel.Warning, "The metadata file {Path} is not there; nothing is known from it until it is.")]
    private partial void LogMissing(string path);

    [LoggerMessage(LogLevel.Warning, "{Mistake} ({Path})")]
    private partial void LogMistake(string mistake, string path);
}
