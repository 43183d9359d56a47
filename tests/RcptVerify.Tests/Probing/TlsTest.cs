using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RcptVerify.Probing;
using RcptVerify.TestKit.Processes;
using RcptVerify.Verification;
using Xunit;
using TestCertificates = RcptVerify.TestKit.Tls.TestCertificates;

namespace RcptVerify.Tests.Probing;

/// <summary>An authority, servers with its certificates, and probers that write down what they say.</summary>
public abstract class TlsTest : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private protected TempFolder Folder { get; } = new();

    private protected X509Certificate2 Authority { get; } = TestCertificates.CreateAuthority();

    private protected SmtpTranscript Transcript { get; } = new();

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Folder.Dispose();
        Authority.Dispose();
    }

    private protected string AuthorityFile => Folder.Write("ca.pem", Authority.ExportCertificatePem());

    private protected static SslServerAuthenticationOptions With(X509Certificate2 certificate) => new() { ServerCertificate = certificate };

    private protected TlsSettings Verified() => new() { Level = TlsLevel.Verify, CaFile = AuthorityFile };

    private protected static Route RouteTo(TlsSettings tls, params ServerEndpoint[] servers) =>
        new(["example.com"], servers, []) { Probe = ProbingTest.Settings with { Tls = tls } };

    /// <summary>Probes once, or several times on one prober; gives the last outcome.</summary>
    private protected async Task<ProbeOutcome> ProbeAsync(
        TlsSettings tls, ServerEndpoint server, ILogger<SmtpProber>? log = null, TimeSpan? timeout = null, params string[] recipients)
    {
        Route route = new(["example.com"], [server], []) { Probe = ProbingTest.Settings with { Tls = tls, Timeout = timeout ?? TimeSpan.FromSeconds(15) } };
        await using SmtpProber prober = new(TimeProvider.System, new SmtpPoolLimits(), log ?? NullLogger<SmtpProber>.Instance, Transcript);
        ProbeOutcome? outcome = null;
        foreach (string recipient in recipients.DefaultIfEmpty("nobody@example.com"))
        {
            outcome = await prober.ProbeAsync(ProbingTest.Address(recipient), route, new ProbeTicket(ProbePriority.Caller), TestContext.Current.CancellationToken)
                .WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken);
        }

        return outcome!;
    }

    private protected static void AssertRefusedUser(ProbeOutcome outcome) =>
        Assert.Equal((VerdictStatus.Undeliverable, OutcomeScope.Address, 550), (outcome.Status, outcome.Scope, outcome.Reply.Code));

    private protected static void AssertTlsTrouble(string text, ProbeOutcome outcome)
    {
        Assert.Equal((VerdictStatus.Unknown, OutcomeScope.Backend), (outcome.Status, outcome.Scope));
        Assert.Equal((ProbeStage.StartTls, text), (outcome.Reply.Stage, outcome.Reply.Text));
    }
}
