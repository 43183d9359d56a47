using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using RcptVerify.Simulation;
using RcptVerify.Verification;
using Xunit;
using TestCertificates = RcptVerify.TestKit.Tls.TestCertificates;

namespace RcptVerify.Tests.Probing;

/// <summary>Whose certificate passes at level verify, and how ours is shown.</summary>
public sealed class TlsCertificateTests : TlsTest
{
    private const string NotAccepted = "the server's certificate is not accepted: ";

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task A_certificate_for_the_servers_name_or_address_passes(string host)
    {
        await using TlsSmtpServer server = new(With(TestCertificates.Issue(Authority, host)));

        AssertRefusedUser(await ProbeAsync(Verified(), server.At(host)));
    }

    [Theory]
    [InlineData("localhost", "other.example")]
    [InlineData("localhost", "127.0.0.1")]
    [InlineData("127.0.0.1", "localhost")]
    [InlineData("127.0.0.1", "127.0.0.2")]
    public async Task A_certificate_for_another_name_does_not_pass(string host, string certified)
    {
        await using TlsSmtpServer server = new(With(TestCertificates.Issue(Authority, certified)));

        AssertTlsTrouble($"{NotAccepted}it is not for {host}", await ProbeAsync(Verified(), server.At(host)));
        Assert.DoesNotContain(server.Commands, line => line.StartsWith("tls: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_expired_certificate_does_not_pass()
    {
        await using TlsSmtpServer server = new(With(TestCertificates.Issue(Authority, "localhost", expired: true)));

        AssertTlsTrouble($"{NotAccepted}it is expired or not yet valid", await ProbeAsync(Verified(), server.At("localhost")));
    }

    [Fact]
    public async Task An_authority_that_is_not_in_the_file_vouches_for_nobody()
    {
        using X509Certificate2 stranger = TestCertificates.CreateAuthority();
        await using TlsSmtpServer server = new(With(TestCertificates.Issue(stranger, "localhost")));

        ProbeOutcome outcome = await ProbeAsync(Verified(), server.At("localhost"));

        Assert.Equal((VerdictStatus.Unknown, ProbeStage.StartTls), (outcome.Status, outcome.Reply.Stage));
        Assert.StartsWith(NotAccepted, outcome.Reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_file_the_systems_authorities_count_and_ours_is_none_of_them()
    {
        await using TlsSmtpServer server = new(With(TestCertificates.Issue(Authority, "localhost")));

        AssertTlsTrouble($"{NotAccepted}no trusted authority vouches for it", await ProbeAsync(new() { Level = TlsLevel.Verify }, server.At("localhost")));
    }

    [Fact]
    public async Task A_self_signed_certificate_passes_when_it_is_in_the_file()
    {
        using X509Certificate2 selfSigned = SimulationCertificate.CreateSelfSigned("localhost", TimeProvider.System);
        await using ExchangeSimulator simulator = await ExchangeSimulator.StartAsync(
            new SimulationOptions { Behaviour = "exchange2010", Certificate = selfSigned }, TestContext.Current.CancellationToken);
        TlsSettings tls = new() { Level = TlsLevel.Verify, CaFile = Folder.Write("self.pem", selfSigned.ExportCertificatePem()) };

        AssertRefusedUser(await ProbeAsync(tls, new ServerEndpoint("localhost", simulator.EndPoint.Port)));
        AssertTlsTrouble($"{NotAccepted}it is not for 127.0.0.1", await ProbeAsync(tls, new ServerEndpoint("127.0.0.1", simulator.EndPoint.Port)));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_server_that_demands_a_certificate_is_shown_ours(SslProtocols version)
    {
        await using TlsSmtpServer server = new(Demanding(version));
        using X509Certificate2 own = TestCertificates.Issue(Authority, "mx1.example.net");
        string certificate = Folder.Write("own.pem", own.ExportCertificatePem());
        string key = Folder.Write("key.pem", own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        string both = Folder.Write("both.pem", own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n" + own.ExportCertificatePem());

        AssertRefusedUser(await ProbeAsync(Verified() with { CertificateFile = certificate, KeyFile = key }, server.At("localhost")));
        AssertRefusedUser(await ProbeAsync(Verified() with { CertificateFile = both }, server.At("localhost")));

        Assert.All(server.Handshakes, handshake => Assert.Equal(own.Subject, handshake.Client));
        Assert.Equal(2, server.Handshakes.Count);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Without_one_such_a_server_is_trouble_with_TLS_and_is_asked_in_clear_text_at_level_may(SslProtocols version)
    {
        await using TlsSmtpServer server = new(Demanding(version));

        ProbeOutcome outcome = await ProbeAsync(Verified(), server.At("localhost"));

        Assert.Equal((VerdictStatus.Unknown, OutcomeScope.Backend, ProbeStage.StartTls), (outcome.Status, outcome.Scope, outcome.Reply.Stage));
        AssertRefusedUser(await ProbeAsync(new TlsSettings(), server.At("localhost")));
    }

    [Fact]
    public async Task Files_that_cannot_be_used_are_named_and_nothing_goes_in_clear_text_instead()
    {
        await using TlsSmtpServer server = new(With(TestCertificates.Issue(Authority, "localhost")));
        string empty = Folder.Write("empty.pem", "");
        string none = Folder.Combine("none.pem");

        AssertTlsTrouble($"tls_ca_file {empty}: it holds no certificate", await ProbeAsync(new() { Level = TlsLevel.Verify, CaFile = empty }, server.At("localhost")));
        ProbeOutcome missing = await ProbeAsync(new() { CertificateFile = none }, server.At("localhost"));

        Assert.StartsWith($"tls_cert_file {none}: ", missing.Reply.Text, StringComparison.Ordinal);
        Assert.Equal((VerdictStatus.Unknown, ProbeStage.StartTls), (missing.Status, missing.Reply.Stage));
        Assert.DoesNotContain(server.Commands, line => line.Contains("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public void A_changed_file_is_read_again()
    {
        TlsSettings settings = Verified();
        RcptVerify.Probing.TlsFiles files = new(settings);
        X509Certificate2 first = Assert.Single(files.Read().Authorities!);
        Assert.Same(files.Read(), files.Read());

        using X509Certificate2 renewed = TestCertificates.CreateAuthority();
        Folder.Write("ca.pem", renewed.ExportCertificatePem());
        File.SetLastWriteTimeUtc(settings.CaFile, File.GetLastWriteTimeUtc(settings.CaFile).AddSeconds(1));

        Assert.Equal(renewed.Thumbprint, Assert.Single(files.Read().Authorities!).Thumbprint);
        Assert.NotEqual(first.Thumbprint, renewed.Thumbprint);
    }

    private SslServerAuthenticationOptions Demanding(SslProtocols version) => new()
    {
        ServerCertificate = TestCertificates.Issue(Authority, "localhost"),
        EnabledSslProtocols = version,
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
    };
}
