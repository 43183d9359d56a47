using System.Text;
using RcptVerify.Caching;
using RcptVerify.Probing;
using RcptVerify.Verification;

namespace RcptVerify.IntegrationTests.Backends;

/// <summary>Verifier, cache and prober as the daemon puts them together, over real sockets, in the test's own process.</summary>
internal sealed class LiveVerifier : IAsyncDisposable
{
    /// <summary>Long enough for any machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SmtpProber _prober;
    private readonly RecipientVerifier _verifier;

    public LiveVerifier(Route route)
    {
        _prober = new SmtpProber(TimeProvider.System, new SmtpPoolLimits(), ProberLog);
        _verifier = new RecipientVerifier(
            new RouteTable([route]), new MemoryVerdictStore(100_000, TimeProvider.System), _prober, TimeProvider.System, VerifierLog);
    }

    public RecordedLog<SmtpProber> ProberLog { get; } = new();

    public RecordedLog<RecipientVerifier> VerifierLog { get; } = new();

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

    public async ValueTask DisposeAsync()
    {
        _verifier.Stop();
        await _prober.DisposeAsync();
        _verifier.Dispose();
    }
}
