using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using RcptVerify.Simulation;
using Xunit;

namespace RcptVerify.Tests.Simulation;

/// <summary>
/// The simulator must not be what a load test measures. The bars are far below what it does (the figures go to the test's output), so
/// that a busy machine does not fail them and an accidental flush or delay per command does.
/// </summary>
public sealed class SimulatorThroughputTests(ITestOutputHelper output) : SimulatorTest
{
    [Theory]
    [InlineData(1, 1_000)]
    [InlineData(64, 20_000)]
    public async Task Eight_sessions_get_their_commands_answered(int depth, int atLeast)
    {
        await using ExchangeSimulator simulator = await StartAsync(
            new SimulationOptions { Behaviour = "exchange2010", Known = ["user*@example.com"] });
        TimeSpan length = TimeSpan.FromSeconds(2);
        long began = Stopwatch.GetTimestamp();
        TimeSpan cpuBefore = Environment.CpuUsage.TotalTime;
        long allocatedBefore = GC.GetTotalAllocatedBytes();

        long[] commands = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => OnOwnThread(() => AskFor(length, began, simulator, depth))));

        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        double cpu = (Environment.CpuUsage.TotalTime - cpuBefore).TotalSeconds;
        long total = commands.Sum();
        output.WriteLine(
            $"depth {depth}: {total / seconds:N0} commands/s, {total / cpu:N0} per CPU second (client included), " +
            $"{(GC.GetTotalAllocatedBytes() - allocatedBefore) / (double)total:N0} bytes allocated a command");
        Assert.Equal(total, simulator.Counters.Rcpt + simulator.Counters.Mail + simulator.Counters.Rset);
        Assert.True(total / seconds > atLeast, $"{total / seconds:N0} commands/s");
    }

    /// <summary>Blocking clients on pool threads would starve the server, which lives on the same pool.</summary>
    private static Task<long> OnOwnThread(Func<long> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Blocking client: MAIL, RCPT for a known and an unknown user, RSET, <paramref name="depth"/> commands in flight.</summary>
    private static long AskFor(TimeSpan length, long began, ExchangeSimulator simulator, int depth)
    {
        string[] transaction = ["MAIL FROM:<>\r\n", "RCPT TO:<user1@example.com>\r\n", "RCPT TO:<nobody@example.com>\r\n", "RSET\r\n"];
        byte[][] bursts = depth == 1
            ? [.. transaction.Select(Encoding.ASCII.GetBytes)]
            : [Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(string.Concat(transaction), depth / transaction.Length)))];
        using TcpClient tcp = new() { NoDelay = true };
        tcp.Connect(simulator.EndPoint);
        byte[] buffer = new byte[16 * 1024];
        ReceiveLines(tcp.Client, buffer, 1);
        tcp.Client.Send("HELO mx\r\n"u8);
        ReceiveLines(tcp.Client, buffer, 1);

        long commands = 0;
        while (Stopwatch.GetElapsedTime(began) < length)
        {
            foreach (byte[] burst in bursts)
            {
                tcp.Client.Send(burst);
                ReceiveLines(tcp.Client, buffer, depth);
                commands += depth;
            }
        }

        return commands;
    }

    private static void ReceiveLines(Socket socket, byte[] buffer, int lines)
    {
        while (lines > 0)
        {
            int received = socket.Receive(buffer);
            Assert.NotEqual(0, received);
            lines -= buffer.AsSpan(0, received).Count((byte)'\n');
        }
    }
}
