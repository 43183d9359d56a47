using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using RcptVerify.Telemetry;
using RcptVerify.Tests.Verification.Scripted;
using Xunit;

namespace RcptVerify.Tests.Telemetry;

public sealed partial class LogWriterTests
{
    private static readonly byte[] LongLine = [.. Enumerable.Repeat((byte)'x', 2000)];

    [Fact]
    public void Lines_come_out_in_order_and_disposing_writes_what_waits()
    {
        using GatedStream output = new(open: true);
        using (LogWriter writer = New(output))
        {
            for (int i = 0; i < 2000; i++)
                writer.Write(6, Encoding.ASCII.GetBytes($"line {i}"));
        }

        Assert.Equal(string.Concat(Enumerable.Range(0, 2000).Select(i => $"<6>line {i}\n")), output.Text());
    }

    [Fact]
    public void A_line_comes_out_without_disposing()
    {
        using GatedStream output = new(open: true);
        using LogWriter writer = New(output);
        writer.Write(4, "first"u8);
        Patience.Until(() => output.Text() == "<4>first\n");
        writer.Write(3, "second"u8);
        Patience.Until(() => output.Text() == "<4>first\n<3>second\n");
    }

    [Fact]
    public void A_stuck_output_does_not_hold_up_the_writer_and_lost_lines_are_counted()
    {
        const int Lines = 2000;
        using GatedStream output = new(open: false);
        using (LogWriter writer = New(output))
        {
            writer.Write(6, "first"u8);
            output.Entered.Wait(TestContext.Current.CancellationToken);
            for (int i = 0; i < Lines; i++)
                writer.Write(6, LongLine); // returns, or this test never ends
            output.Gate.Set();
        }

        string text = output.Text();
        int written = text.Split('\n').Count(line => line.EndsWith('x'));
        Assert.InRange(written, LogWriter.BufferBytes / 2500, LogWriter.BufferBytes / 2000);
        Match lost = LostLines().Match(text);
        Assert.True(lost.Success, "the log does not say that lines were lost");
        Assert.Equal(Lines - written, int.Parse(lost.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void An_output_that_is_stuck_for_good_does_not_keep_the_process_from_ending()
    {
        using GatedStream output = new(open: false);
        LogWriter writer = New(output);
        writer.Write(6, "first"u8);
        output.Entered.Wait(TestContext.Current.CancellationToken);
        Task disposing = Task.Run(writer.Dispose, TestContext.Current.CancellationToken);
        bool ended = SpinWait.SpinUntil(() => disposing.IsCompleted, TimeSpan.FromSeconds(10));
        output.Gate.Set();
        Assert.True(ended, "Dispose waits for an output that nobody reads");
        Patience.Until(() => output.Text().Length > 0);
    }

    [Fact]
    public void An_output_that_fails_does_not_end_the_service_and_is_tried_again()
    {
        using GatedStream output = new(open: true);
        foreach (Exception failure in (Exception[])[new IOException("no space left"), new ObjectDisposedException("pipe"), new UnauthorizedAccessException()])
        {
            using LogWriter writer = New(output);
            output.Failure = failure;
            output.Entered.Reset();
            writer.Write(6, "lost"u8);
            output.Entered.Wait(TestContext.Current.CancellationToken);
            output.Failure = null;
            writer.Write(6, "found"u8);
            Patience.Until(() => output.Text().Contains("<6>found\n", StringComparison.Ordinal));
            output.SetLength(0);
        }
    }

    [Fact]
    public void Lines_from_many_threads_stay_whole()
    {
        using GatedStream output = new(open: true);
        using (LogWriter writer = New(output))
            Parallel.For(0, 4000, i => writer.Write(6, Encoding.ASCII.GetBytes($"[{i}]")));
        string[] lines = output.Text().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Range(0, 4000).Select(i => $"<6>[{i}]").Order(StringComparer.Ordinal), lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_line_that_is_too_long_is_cut()
    {
        using GatedStream output = new(open: true);
        using (LogWriter writer = New(output))
        {
            writer.Write(6, new byte[LogWriter.BufferBytes + 1].Select(_ => (byte)'a').ToArray());
            writer.Write(6, "next"u8);
        }

        Assert.Equal($"<6>{new string('a', LogWriter.MaxLineBytes)}\n<6>next\n", output.Text());
    }

    [Fact]
    public void After_disposing_lines_and_another_disposing_are_ignored()
    {
        using GatedStream output = new(open: true);
        LogWriter writer = New(output);
        writer.Write(6, "first"u8);
        writer.Dispose();
        writer.Write(6, "late"u8);
        writer.Dispose();
        Assert.Equal("<6>first\n", output.Text());
    }

    private static LogWriter New(Stream output) => new(output, new LinePrefix(new FakeTimeProvider(), "mx1", 123, journal: true));

    [GeneratedRegex(@"<4>warning: (\d+) log lines were lost")]
    private static partial Regex LostLines();
}
