using System.Collections.Concurrent;
using Docker.DotNet;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support.Lab;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FleetDashboard.Tests.Support.Databases;

/// <summary>
/// Databases of each kind in good and bad conditions, and one Collector that measures them all. Started once for the tests of its class.
/// </summary>
public sealed class DatabaseFleet(EngineFixture engine) : IAsyncLifetime
{
    private const string Label = "fleet.test.databases";

    private readonly ConcurrentDictionary<string, string> _ids = new();
    private readonly ConcurrentQueue<string> _log = new();
    private readonly CancellationTokenSource _ending = new();
    private Task _sampling = Task.CompletedTask;
    private DockerClient? _client;
    private CollectorHost? _collector;

    /// <summary>Passwords and user names that only the containers may contain.</summary>
    internal IReadOnlyList<string> Secrets { get; } =
    [.. Enumerable.Range(0, 5).Select(number => $"s3cret{number}{Guid.NewGuid():N}"[..24]), $"clerk{Guid.NewGuid():N}"[..16]];

    internal IEnumerable<string> Passwords => Secrets.SkipLast(1);

    internal CollectorHost Collector => _collector!;

    /// <summary>Everything that the Collector logged, at every level.</summary>
    internal IReadOnlyCollection<string> Log => _log;

    /// <summary>Command lines of any process on this machine that contained a secret while the Collector was running.</summary>
    internal ConcurrentDictionary<string, bool> Leaks { get; } = new();

    /// <summary>How many processes of a probe were observed. At 0 the check would prove nothing.</summary>
    internal int ProbesSeen { get; private set; }

    internal string Id(string name) => _ids[name];

    internal string Name(string name) => engine.NameOf(name);

    /// <summary>The database rows of one container.</summary>
    internal IReadOnlyList<DatabaseSnapshot> Rows(FleetSnapshot fleet, string name) =>
        [.. fleet.Apps.SelectMany(app => app.Databases).Where(database => database.Container == Name(name))];

    internal Task<FleetSnapshot> UntilAsync(string name, Func<IReadOnlyList<DatabaseSnapshot>, bool> wanted) =>
        Collector.UntilAsync(
            fleet => wanted(Rows(fleet, name)),
            TestContext.Current.CancellationToken,
            describe: fleet => string.Join(", ", Rows(fleet, name))
        );

    /// <summary>Runs a command inside a container and returns its output.</summary>
    internal async Task<string> ExecAsync(string name, params string[] command)
    {
        var answer = await Collector
            .Services.GetRequiredService<EngineClient>()
            .ExecAsync(Id(name), command, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        return answer is { ExitCode: 0 } ? answer.Output : throw new InvalidOperationException($"{command[0]} in {name}: {answer}");
    }

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        if (DatabaseImages.WhySkipped is not null)
        {
            return;
        }

        var token = TestContext.Current.CancellationToken;
        _client = await engine.ClientAsync(token);
        await DatabaseImages.ImportAsync(_client, token);
        var (postgres, root, user, redis, wrong, clerk) = (Secrets[0], Secrets[1], Secrets[2], Secrets[3], Secrets[4], Secrets[5]);
        await Task.WhenAll(
            Run(
                "dbpostgres",
                DatabaseImages.PostgreSql,
                DatabaseImages.RunPostgreSql,
                postgres,
                $"POSTGRES_USER={clerk}",
                "POSTGRES_PASSWORD_FILE=/run/secret"
            ),
            Run("dbmaria", DatabaseImages.MariaDb, DatabaseImages.RunMariaDb, root, "MARIADB_ROOT_PASSWORD_FILE=/run/secret"),
            Run(
                "dbmariauser",
                DatabaseImages.MariaDb,
                DatabaseImages.RunMariaDb,
                null,
                $"MARIADB_USER={clerk}",
                $"MARIADB_PASSWORD={user}"
            ),
            Run("dbredis", DatabaseImages.Redis, DatabaseImages.RunRedis, redis, "REDIS_PASSWORD_FILE=/run/secret"),
            Run("dbredisopen", DatabaseImages.Redis, DatabaseImages.RunRedis, null),
            Run("dbrediswrong", DatabaseImages.Redis, DatabaseImages.RunRedis, null, $"SERVER_PASSWORD={redis}", $"REDIS_PASSWORD={wrong}"),
            Run("dbhangs", DatabaseImages.PostgreSql, DatabaseImages.RunHanging, null, $"POSTGRES_PASSWORD={postgres}"),
            Run("dbbare", DatabaseImages.Bare, ["sleep", "86400"], null),
            Run("anything-db", BusyboxImage.Name, ["sleep", "86400"], null)
        );

        _sampling = Task.Run(SampleProcesses, token);
        _collector = await CollectorHost.StartAsync(
            engine.Endpoint,
            token,
            "--Databases:Interval=00:00:02",
            "--Databases:Deadline=00:00:06",
            "--Sampling:Interval=00:00:01",
            "--Logging:LogLevel:Default=Trace",
            "--Logging:LogLevel:Microsoft=Trace",
            "--Logging:Console:LogLevel:Default=None"
        );
        _collector.Services.GetRequiredService<ILoggerFactory>().AddProvider(new LogTo(_log));

        async Task Run(string name, string image, string[] command, string? secret, params string[] environment) =>
            _ids[name] = await _client.RunAsync(
                new LabContainer(engine.NameOf(name))
                {
                    Image = image,
                    Command = command,
                    Environment = environment,
                    Labels = new Dictionary<string, string> { [Label] = engine.RunId },
                },
                engine.RunId,
                secret,
                token
            );
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _sampling;
        _ending.Dispose();
        if (_collector is not null)
        {
            await _collector.DisposeAsync();
        }

        if (_client is not null)
        {
            await EngineFixture.SweepAsync(_client, $"{Label}={engine.RunId}");
        }
    }

    // The engine's containers are processes of this machine, whose command lines every user can read.
    private async Task SampleProcesses()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(60));
        while (!_ending.IsCancellationRequested)
        {
            foreach (var process in Directory.EnumerateDirectories("/proc", "*").Where(folder => char.IsAsciiDigit(folder[6])))
            {
                Look(process);
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private void Look(string process)
    {
        try
        {
            var line = File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
            ProbesSeen +=
                line.Contains(" INFO memory", StringComparison.Ordinal) || line.Contains("pg_database_size", StringComparison.Ordinal)
                    ? 1
                    : 0;
            if (Secrets.Any(secret => line.Contains(secret, StringComparison.Ordinal)))
            {
                Leaks[line] = true;
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // The process has exited.
        }
    }

    private sealed class LogTo(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
            // Nothing to dispose.
        }
    }
}

/// <summary>Must be the only test on the engine, because other tests would change the measured values.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class DatabaseSuite : ICollectionFixture<DatabaseFleet>
{
    public const string Name = "Databases";
}

/// <summary>A test with a real database on a real engine.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DatabaseFactAttribute : FactAttribute
{
    public DatabaseFactAttribute(
        [System.Runtime.CompilerServices.CallerFilePath] string? file = null,
        [System.Runtime.CompilerServices.CallerLineNumber] int line = -1
    )
        : base(file, line) => Skip = DatabaseImages.WhySkipped;
}
