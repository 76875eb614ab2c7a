using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Metadata;

/// <summary>
/// Reads fleet.yaml again when it changes. It polls every few seconds: many mounts deliver no change notifications, and a notification
/// follows the old file when a new one replaces it. Supports one reader.
/// </summary>
internal sealed partial class FleetFileWatcher(IOptions<MetadataOptions> options, TimeProvider time, ILogger<FleetFileWatcher> logger)
{
    /// <summary>
    /// How long a change must stay the same before it counts. Editors write in two steps, or remove the file first.
    /// </summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(500);

    private readonly string _path = Path.GetFullPath(options.Value.File is { Length: > 0 } file ? file : ".");
    private FileContent? _current;
    private FileContent? _pending;
    private FleetFile _good = FleetFile.Empty;

    private string Name => Path.GetFileName(_path);

    /// <summary>Returns the file in force at once, and again after each change. Returns nothing where no file is set.</summary>
    public async IAsyncEnumerable<FleetMetadata> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (options.Value.File is { Length: > 0 })
        {
            if (Check() is { } changed)
            {
                yield return changed;
            }

            await Task.Delay(_pending is null ? options.Value.Interval : Settle, time, cancellationToken);
        }
    }

    /// <summary>Checks the file once. Returns the file in force where it, or its warnings, changed; else null.</summary>
    internal FleetMetadata? Check()
    {
        var content = FileContent.Read(_path);
        if (content == _current)
        {
            _pending = null;
            return null;
        }

        if (_current is not null && content != _pending)
        {
            _pending = content;
            return null;
        }

        var before = _current;
        (_current, _pending) = (content, null);
        return content switch
        {
            FileContent.Missing => Missing(before),
            FileContent.Unreadable refused => Keep([$"{Name} {refused.Reason}"]),
            FileContent.Content { Utf8.IsEmpty: true } => Apply(FleetFile.Empty, [$"{Name} is empty, so it sets nothing."]),
            FileContent.Content bytes => Parse(FleetFileParser.Parse(bytes.Utf8.Span)),
            _ => null,
        };
    }

    private FleetMetadata Parse(FleetFileReading reading) =>
        reading.File is { } file ? Apply(file, []) : Keep([.. reading.Errors.Select(error => error.In(Name))]);

    private FleetMetadata Apply(FleetFile file, ImmutableArray<string> warnings)
    {
        _good = file;
        LogLoaded(_path, file.Apps.Length);
        return new FleetMetadata(Name, file, warnings);
    }

    // Removing the file is a decision, so its effects end. A syntax error is not, so the last good version stays in force.
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
            options.Value.Optional ? [] : [$"{Name} does not exist, so it sets nothing. Create it, or remove FLEET_FILE."]
        );
    }

    private FleetMetadata Keep(ImmutableArray<string> errors)
    {
        foreach (var error in errors)
        {
            LogError(error, _path);
        }

        return new FleetMetadata(
            Name,
            _good,
            [
                .. errors,
                _good == FleetFile.Empty
                    ? $"Nothing of {Name} is in force until this is fixed."
                    : $"The last good version of {Name} stays in force until this is fixed.",
            ]
        );
    }

    [LoggerMessage(LogLevel.Information, "Loaded {Path}: {Apps} apps.")]
    private partial void LogLoaded(string path, int apps);

    [LoggerMessage(LogLevel.Warning, "The metadata file {Path} does not exist, so it sets nothing.")]
    private partial void LogMissing(string path);

    [LoggerMessage(LogLevel.Warning, "{Error} ({Path})")]
    private partial void LogError(string error, string path);
}
