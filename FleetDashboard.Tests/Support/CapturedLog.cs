using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FleetDashboard.Tests.Support;

/// <summary>Keeps the last log lines of a program, including exceptions.</summary>
internal sealed class CapturedLog : ILoggerProvider, ILogger
{
    private const int Most = 2_000;

    private readonly ConcurrentQueue<string> _lines = new();

    public string Text => string.Join('\n', _lines);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        _lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");
        while (_lines.Count > Most)
        {
            _lines.TryDequeue(out _);
        }
    }

    public void Dispose() { }
}
