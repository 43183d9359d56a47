using System.Globalization;
using System.Net;
using RcptVerify.TestKit.Processes;

namespace RcptVerify.TestKit.Postfix;

/// <summary>An smtp-sink(1), the fake mail server that comes with Postfix, with a <see cref="CountingProxy"/> before it.</summary>
public sealed class SmtpSink : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(10);
    private readonly ChildProcess _process;

    private SmtpSink(ChildProcess process, int uncountedPort)
    {
        _process = process;
        UncountedPort = uncountedPort;
        Proxy = new CountingProxy(uncountedPort);
    }

    /// <summary>Counts what comes in through <see cref="Port"/>.</summary>
    public CountingProxy Proxy { get; }

    /// <summary>Where it is reached through the counter, on 127.0.0.1.</summary>
    public int Port => Proxy.Port;

    /// <summary>Where it is reached without being counted, on 127.0.0.1: for deliveries beside the probes.</summary>
    public int UncountedPort { get; }

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="mode">How it behaves.</param>
    /// <param name="uncountedPort">Its own port; by default a free one.</param>
    /// <exception cref="TimeoutException">It did not start; the message holds what it said.</exception>
    public static async Task<SmtpSink> StartAsync(SmtpSinkMode mode, int? uncountedPort = null)
    {
        int port = uncountedPort ?? FreePort.Next();
        string[] user = Environment.IsPrivilegedProcess ? ["-u", "postfix"] : [];
        string address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
        ChildProcess process = new("/usr/sbin/smtp-sink", [.. user, "-m", "1000", .. mode.Options, address, "1000"]);
        try
        {
            await Eventually.ListensAsync(
                new IPEndPoint(IPAddress.Loopback, port), StartPatience, () => process.Output.Text, () => !process.HasExited);
            return new SmtpSink(process, port);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await _process.DisposeAsync();
    }
}
