using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace RcptVerify.IntegrationTests.Backends;

/// <summary>Keeps what is logged, at every level.</summary>
internal sealed class RecordedLog<T> : ILogger<T>
{
    public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = new();

    /// <summary>What an administrator is meant to see.</summary>
    public IReadOnlyList<string> Warnings => [.. Lines.Where(l => l.Level >= LogLevel.Warning).Select(l => l.Text)];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue((logLevel, formatter(state, exception)));
}
