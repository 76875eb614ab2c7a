using System.Collections.Concurrent;
using FleetDashboard.Collector.Engine;
using FleetDashboard.ServiceDefaults;

namespace FleetDashboard.Collector.Actions.Rebuild;

/// <summary>
/// What the compose files of the fleet say of building, read apart from whoever asks: a slow disk keeps nobody waiting. A file is looked at again
/// every few seconds, while somebody still asks for it.
/// </summary>
internal sealed class ComposeBuilds(BuildRoots roots, TimeProvider time, ILogger<ComposeBuilds> logger) : SupervisedService(time, logger)
{
    private const string FilesLabel = "com.docker.compose.project.config_files";
    private const string FolderLabel = "com.docker.compose.project.working_dir";
    private const string ServiceLabel = "com.docker.compose.service";
    private const int MostAsked = 5_000;
    private const long LargestFile = 1 << 20;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(5);
    private static readonly BuildAnswer NoCompose = BuildAnswer.None("nothing says what its image is built from");
    private static readonly BuildAnswer NotYet = BuildAnswer.None("its compose file has yet to be read");

    private readonly TimeProvider _time = time;
    private readonly ConcurrentDictionary<Question, (BuildAnswer Answer, DateTimeOffset Asked)> _answers = new();

    /// <summary>What is known now; never waits.</summary>
    public BuildAnswer Of(ContainerFacts container)
    {
        if (!container.Labels.TryGetValue(FilesLabel, out var files) || !container.Labels.TryGetValue(ServiceLabel, out var service) || files.Length == 0)
        {
            return NoCompose;
        }

        var question = new Question(files, container.Labels.GetValueOrDefault(FolderLabel) ?? "", service);
        if (_answers.TryGetValue(question, out var known))
        {
            _answers.TryUpdate(question, (known.Answer, _time.GetUtcNow()), known);
            return known.Answer;
        }

        if (_answers.Count < MostAsked)
        {
            _answers.TryAdd(question, (NotYet, _time.GetUtcNow()));
        }

        return NotYet;
    }

    protected override IEnumerable<SupervisedLoop> Loops => [new("read compose files", LookAsync)];

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        do
        {
            foreach (var (question, (_, asked)) in _answers)
            {
                if (_time.GetUtcNow() - asked > Forgotten)
                {
                    _answers.TryRemove(question, out _);
                }
                else
                {
                    var answer = await ReadAsync(question, stoppingToken);
                    _answers.AddOrUpdate(question, (answer, asked), (_, now) => (answer, now.Asked));
                }
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // The label is text of whoever made the container: a file is opened only where building is allowed.
    private async Task<BuildAnswer> ReadAsync(Question question, CancellationToken cancellationToken)
    {
        List<(string, string)> texts = [];
        try
        {
            foreach (var file in question.Files.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                var path = RealPath.Of(Path.GetFullPath(file, question.Folder.StartsWith('/') ? question.Folder : "/"));
                if (!roots.IsAllowed(path))
                {
                    return BuildAnswer.None($"its compose file {file} is not inside any folder of Actions:BuildRoots");
                }

                if (!File.Exists(path) || new FileInfo(path).Length is 0 or > LargestFile)
                {
                    return BuildAnswer.None($"its compose file {file} is not there, empty, or larger than 1 MiB");
                }

                texts.Add((Path.GetFileName(path), await File.ReadAllTextAsync(path, cancellationToken)));
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException && !cancellationToken.IsCancellationRequested)
        {
            return BuildAnswer.None($"its compose file cannot be read: {fault.Message.TrimEnd('.')}");
        }

        return ComposeBuild.Read(texts, question.Service, question.Folder);
    }

    private readonly record struct Question(string Files, string Folder, string Service);
}
