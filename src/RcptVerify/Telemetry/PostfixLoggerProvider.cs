using System.Buffers;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace RcptVerify.Telemetry;

/// <summary>
/// Logs in Postfix's style. <see cref="DecisionLine"/> is formatted straight into bytes; other messages are formatted as
/// text first. Control characters never reach the output.
/// </summary>
/// <param name="writer">Takes the lines; disposed with the provider.</param>
[ProviderAlias("Postfix")]
public sealed class PostfixLoggerProvider(LogWriter writer) : ILoggerProvider
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new PostfixLogger(writer);

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();

    /// <summary>Controls (ASCII's and the C1 set) and Unicode's line and paragraph ends.</summary>
    private static readonly SearchValues<char> NotForLines = SearchValues.Create(
        [.. Enumerable.Range(0, 0xa0).Select(c => (char)c).Where(char.IsControl), '\u2028', '\u2029']);

    private sealed class PostfixLogger(LogWriter writer) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            LineBuilder line = new(stackalloc byte[LogWriter.MaxLineBytes]);
            line.Append(logLevel switch
            {
                LogLevel.Warning => "warning: ",
                LogLevel.Error => "error: ",
                LogLevel.Critical => "fatal: ",
                _ => "",
            });
            if (typeof(TState) == typeof(DecisionLine))
                Unsafe.As<TState, DecisionLine>(ref state).Format(ref line);
            else
                AppendText(ref line, formatter(state, exception));
            if (exception is not null)
                AppendText(ref line, $": {exception}");
            writer.Write(Priority(logLevel), line.Line);
        }

        /// <summary>
        /// The arguments were escaped where they came from outside; what is left are line ends of exceptions, and what an
        /// exception's text may quote.
        /// </summary>
        private static void AppendText(ref LineBuilder line, ReadOnlySpan<char> text)
        {
            foreach (Range part in text.SplitAny(NotForLines))
                line.Append(text[part]);
        }

        private static int Priority(LogLevel level) => level switch
        {
            LogLevel.Critical => 2,
            LogLevel.Error => 3,
            LogLevel.Warning => 4,
            LogLevel.Information => 6,
            _ => 7,
        };
    }
}
