using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace RcptVerify.Tests.Endpoints;

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordingLogger<T>(LogLevel minimum = LogLevel.Debug) : ILogger<T>
{
    public ConcurrentQueue<(LogLevel Level, int Id, string Text)> Lines { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            Lines.Enqueue((logLevel, eventId.Id, formatter(state, exception)));
    }
}
