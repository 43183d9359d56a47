using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using RcptVerify.Caching;
using RcptVerify.Endpoints;
using RcptVerify.TestKit.Endpoints;
using RcptVerify.Verification;

namespace RcptVerify.Benchmarks;

/// <summary>The whole door over pipes in memory: request in, cached answer out. No socket, no system call.</summary>
[MemoryDiagnoser]
public class PolicyHandlerBenchmark : IAsyncDisposable
{
    private readonly byte[] _request = PolicyRequests.For("user17@example.com");
    private readonly InMemoryConnection _connection = new();

    [GlobalSetup]
    public void Start()
    {
        Route route = new(["example.com"], [new ServerEndpoint("127.0.0.1", 25)], [])
        {
            Probe = new ProbeSettings { Helo = "bench", Sender = "" },
        };
        MemoryVerdictStore store = new(1000, TimeProvider.System);
        ProbeReply reply = new(250, "2.1.5", "Recipient OK", "127.0.0.1:25", ProbeTarget.Rcpt, ProbeStage.Rcpt, "example.com");
        store.Put(new Verdict(
            "user17@example.com"u8.ToArray(), VerdictStatus.Deliverable, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), long.MaxValue, reply));
        RecipientVerifier verifier = new(
            new RouteTable([route]), store, new NoProber(), TimeProvider.System, NullLogger<RecipientVerifier>.Instance);
        PolicyConnectionHandler handler = new(
            verifier, new PolicyDoorSettings(), TimeProvider.System, NullLogger<PolicyConnectionHandler>.Instance);
        _ = _connection.RunAsync(handler);
    }

    [GlobalCleanup]
    public async Task StopAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public long Answer()
    {
        _ = _connection.SendAsync(_request).Preserve();
        return _connection.DiscardAvailable();
    }

    private sealed class NoProber : IRecipientProber
    {
        public Task<ProbeOutcome> ProbeAsync(RecipientAddress address, Route route, ProbeTicket ticket, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("a warm request must not probe");
    }
}
