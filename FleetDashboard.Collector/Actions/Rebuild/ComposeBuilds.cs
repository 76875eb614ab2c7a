using System.Collections.Concurrent;
using FleetDashboard.Collector.Engine;
using FleetDashboard.ServiceDefaults;

namespace FleetDashboard.Collector.Actions.Rebuild;

/// <summary>
/// The build sections of the fleet's Compose files, read in the background so that a slow disk never delays a caller. A file is read again
/// every few seconds while it is still requested.
/// </summary>
internal sealed class ComposeBuilds(BuildRoots roots, TimeProvider time, ILogger<ComposeBuilds> logger) : SupervisedService(time, logger)
{
    private const string FilesLabel = "com.docker.compose.project.config_files";
    private const string FolderLabel = "com.docker.compose.project.working_dir";
    private const string ServiceLabel = "com.docker.compose.service";
    private const int MostAsked = 5_000;
    private const int LargestFile = 1 << 20;
    private const int MostFiles = 20;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(5);
    private static readonly BuildAnswer NotYet = BuildAnswer.Blocked("its Compose file has not been read yet; try again in a moment");

    private readonly TimeProvider _time = time;
    private readonly ConcurrentDictionary<Question, AskedAnswer> _answers = new();
    private long _round;
    private long _version;

    /// <summary>Increases whenever a build plan has changed.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Starts a pass over the fleet. A pass covers the whole fleet, and happens only when it has changed.</summary>
    public void BeginRound() => Interlocked.Increment(ref _round);

    /// <summary>The plan as far as it is loaded. Never waits.</summary>
    public BuildAnswer Find(ContainerFacts container)
    {
        if (
            !container.Labels.TryGetValue(FilesLabel, out var files)
            || !container.Labels.TryGetValue(ServiceLabel, out var service)
            || files.Length == 0
        )
        {
            return BuildAnswer.NoSource;
        }

        var question = new Question(files, container.Labels.GetValueOrDefault(FolderLabel) ?? "", service);
        if (_answers.TryGetValue(question, out var known))
        {
            _answers.TryUpdate(question, known with { AskedAt = _time.GetUtcNow(), Round = Volatile.Read(ref _round) }, known);
            return known.Answer;
        }

        if (_answers.Count < MostAsked)
        {
            _answers.TryAdd(question, new AskedAnswer(NotYet, _time.GetUtcNow(), Volatile.Read(ref _round)));
        }

        return NotYet;
    }

    protected override IEnumerable<SupervisedLoop> Loops => [new("read Compose files", LookAsync)];

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        do
        {
            await ReadOnceAsync(stoppingToken);
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Reads every file that is still asked for.</summary>
    internal async Task ReadOnceAsync(CancellationToken cancellationToken)
    {
        foreach (var (question, entry) in _answers)
        {
            // The last complete round did not ask for it: its container is gone.
            if (entry.Round < Volatile.Read(ref _round) - 1 && _time.GetUtcNow() - entry.AskedAt > Forgotten)
            {
                _answers.TryRemove(question, out _);
            }
            else
            {
                Put(question, await ReadAsync(question, cancellationToken));
            }
        }
    }

    private void Put(Question question, BuildAnswer answer)
    {
        while (_answers.TryGetValue(question, out var known) && !answer.Says(known.Answer))
        {
            if (_answers.TryUpdate(question, known with { Answer = answer }, known))
            {
                Interlocked.Increment(ref _version);
                return;
            }
        }
    }

    // The label's text is untrusted, and so are the files it names. Whatever they contain, return an answer.
    private async Task<BuildAnswer> ReadAsync(Question question, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(() => Read(question), cancellationToken);
        }
        catch (BuildRefusedException refused)
        {
            return BuildAnswer.Blocked($"its Compose file cannot be used: {refused.Message.TrimEnd('.')}");
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return BuildAnswer.Blocked($"its Compose file cannot be read: {EngineLimits.Cut(fault.Message).TrimEnd('.')}");
        }
    }

    private BuildAnswer Read(Question question)
    {
        List<(string, string)> texts = [];
        var files = question.Files.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (files.Length > MostFiles)
        {
            return BuildAnswer.Blocked($"it has more than {MostFiles} Compose files");
        }

        foreach (var file in files)
        {
            var path = RealPath.Resolve(Path.GetFullPath(file, question.Folder.StartsWith('/') ? question.Folder : "/"));
            if (!roots.IsAllowed(path))
            {
                return BuildAnswer.Blocked($"its Compose file {file} is outside the folders in Actions:BuildRoots");
            }

            if (BuildFile.ReadText(path, LargestFile) is not { Length: > 0 } text)
            {
                return BuildAnswer.Blocked($"its Compose file {file} does not exist or is empty");
            }

            texts.Add((Path.GetFileName(path), text));
        }

        return ComposeBuild.Read(texts, question.Service, question.Folder);
    }

    private sealed record AskedAnswer(BuildAnswer Answer, DateTimeOffset AskedAt, long Round);

    private readonly record struct Question(string Files, string Folder, string Service);
}
