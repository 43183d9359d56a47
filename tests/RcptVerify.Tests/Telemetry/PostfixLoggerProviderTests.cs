using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RcptVerify.Telemetry;
using Xunit;

namespace RcptVerify.Tests.Telemetry;

public sealed class PostfixLoggerProviderTests
{
    [Theory]
    [InlineData(LogLevel.Trace, "<7>hello")]
    [InlineData(LogLevel.Debug, "<7>hello")]
    [InlineData(LogLevel.Information, "<6>hello")]
    [InlineData(LogLevel.Warning, "<4>warning: hello")]
    [InlineData(LogLevel.Error, "<3>error: hello")]
    [InlineData(LogLevel.Critical, "<2>fatal: hello")]
    public void A_level_is_a_priority_and_a_word(LogLevel level, string expected) => Assert.Equal(expected, Line(level, "hello"));

    [Fact]
    public void A_message_and_its_exception_are_one_line_without_control_characters()
    {
        string line = Line(LogLevel.Error, "a\r\nb\0c\u001b[31md\u007fe\u0085f\u2028g\tÄ", new InvalidOperationException("first\n\u001b[2Jsecond"));
        Assert.StartsWith("<3>error: abc[31md", line, StringComparison.Ordinal);
        Assert.Contains("Ä: System.InvalidOperationException: first", line, StringComparison.Ordinal);
        Assert.Contains("second", line, StringComparison.Ordinal);
        Assert.DoesNotContain(line, c => char.IsControl(c) || c == '\u2028');
    }

    [Fact]
    public void A_message_longer_than_a_line_is_cut_and_not_lost()
    {
        string line = Line(LogLevel.Error, "configuration not reloaded: " + new string('x', 5000));
        Assert.StartsWith("<3>error: configuration not reloaded: xxxx", line, StringComparison.Ordinal);
        Assert.Equal(3 + LogWriter.MaxLineBytes, line.Length);
    }

    [Fact]
    public void No_level_is_off_but_none()
    {
        using LogWriter writer = new(Stream.Null, new LinePrefix(new FakeTimeProvider(), "mx1", 1, journal: true));
        using PostfixLoggerProvider provider = new(writer);
        ILogger logger = provider.CreateLogger("test");
        Assert.True(logger.IsEnabled(LogLevel.Trace));
        Assert.False(logger.IsEnabled(LogLevel.None));
        Assert.Null(logger.BeginScope("scope"));
    }

    private static string Line(LogLevel level, string message, Exception? exception = null)
    {
        using MemoryStream output = new();
        using (LogWriter writer = new(output, new LinePrefix(new FakeTimeProvider(), "mx1", 1, journal: true)))
        using (PostfixLoggerProvider provider = new(writer))
            provider.CreateLogger("test").Log(level, new EventId(1), message, exception, (text, _) => text);
        string text = Encoding.UTF8.GetString(output.ToArray());
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.Equal(1, text.Count(c => c == '\n'));
        return text[..^1];
    }
}
