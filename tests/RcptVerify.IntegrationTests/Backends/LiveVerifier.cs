using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using RcptVerify.Caching;
using RcptVerify.Probing;
using RcptVerify.Verification;

namespace RcptVerify.IntegrationTests.Backends;

/// <summary>Verifier, cache and prober as the daemon puts them together, over real sockets, in the test's own process.</summary>
internal sealed class LiveVerifier : IAsyncDisposable
{
    /// <summary>Long enough for any machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly MemoryVerdictStore _store;
    private readonly SmtpProber _prober;
    private readonly RecipientVerifier _verifier;

    public LiveVerifier(Route route, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        _store = new MemoryVerdictStore(100_000, time);
        _prober = new SmtpProber(time, new SmtpPoolLimits(), ProberLog);
        _verifier = new RecipientVerifier(new RouteTable([route]), _store, _prober, time, NullLogger<RecipientVerifier>.Instance);
    }

    public RecordedLog<SmtpProber> ProberLog { get; } = new();

    /// <summary>A route to servers on 127.0.0.1, its target measured unless a test says otherwise.</summary>
    public static Route RouteTo(
        string domain,
        IEnumerable<int> ports,
        string eodSecret = "",
        TimeSpan? timeout = null,
        int maxConnections = 4,
        TlsLevel tls = TlsLevel.May,
        ProbeTarget target = ProbeTarget.Auto) =>
        new([domain], [.. ports.Select(port => new ServerEndpoint("127.0.0.1", port))], [])
        {
            Target = target,
            EodSecret = eodSecret,
            Probe = new ProbeSettings
            {
                Helo = "mx.mta.test",
                Sender = "probe@mx.mta.test",
                Timeout = timeout ?? TimeSpan.FromSeconds(15),
                MaxConnections = maxConnections,
                Tls = new TlsSettings { Level = tls },
            },
        };

    public async Task<VerificationResult> AskAsync(string recipient, TimeSpan? answerWithin = null) =>
        await _verifier.VerifyAsync(new RecipientQuery(Encoding.UTF8.GetBytes(recipient), default, answerWithin ?? Patience));

    /// <summary>What the cache holds on a recipient; unknown where it holds nothing.</summary>
    public VerdictStatus Remembered(string recipient) =>
        _store.TryGet(Encoding.UTF8.GetBytes(recipient), out Verdict? verdict) ? verdict!.Status : VerdictStatus.Unknown;

    public async ValueTask DisposeAsync()
    {
        _verifier.Stop();
        await _prober.DisposeAsync();
        _verifier.Dispose();
    }
}
