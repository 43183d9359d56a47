using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Crt;
using RcptVerify.PostfixConfig.Rules.Files;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Smtp;
using Xunit;

namespace RcptVerify.IntegrationTests.PostfixConfig;

/// <summary>Where RV-CRT-001 says that a certificate cannot be loaded, a real Postfix 3.7 refuses STARTTLS, and nowhere else.</summary>
public sealed class CertificateAgreementTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] Settings =
    [
        "cert_file = DIR/cert.pem; key_file = DIR/key.pem", "cert_file = DIR/none.pem; key_file = DIR/key.pem", "cert_file = DIR/cert.pem; key_file = DIR/none.pem",
        "cert_file = DIR/key.pem; key_file = DIR/cert.pem", "cert_file = DIR/cert.pem; key_file = DIR/other.pem", "cert_file = DIR/cert.pem; key_file = DIR/rsa.pem",
        "cert_file = DIR/cert.pem", "cert_file = DIR/backwards.pem", "cert_file = DIR/chain.pem", "chain_files = DIR/chain.pem", "chain_files = DIR/key.pem DIR/cert.pem",
        "chain_files = DIR/backwards.pem", "chain_files = DIR/other.pem DIR/cert.pem", "chain_files = DIR/key.pem", "chain_files = DIR/chain.pem DIR/none.pem",
        "chain_files = DIR/text.pem", "chain_files = DIR/chain.pem DIR/text.pem", "cert_file = DIR/text.pem; key_file = DIR/key.pem",
        "cert_file = DIR/damaged.pem; key_file = DIR/key.pem", "eccert_file = DIR/cert.pem; eckey_file = DIR/key.pem", "eccert_file = DIR/cert.pem; eckey_file = DIR/other.pem",
        "cert_file = DIR/cert.pem; key_file = DIR/key.pem; eccert_file = DIR/none.pem", "chain_files = DIR/chain.pem; cert_file = DIR/none.pem",
    ];

    [Fact]
    public async Task What_cannot_be_loaded_has_no_TLS_and_all_else_has()
    {
        using TempFolder folder = new();
        Write(folder);
        PostfixBuilder builder = new();
        int[] ports = [.. Settings.Select(settings => builder.Smtpd(["smtpd_tls_security_level = may", .. Lines(settings, folder.Path)]))];
        await using PostfixInstance postfix = await builder.StartAsync();
        List<string> real = [];
        List<string> said = [];
        for (int at = 0; at < ports.Length; at++)
        {
            real.Add($"{Settings[at]}: {await HasTlsAsync(ports[at])}");
            string main = string.Join('\n', [.. Lines(Settings[at], folder.Path), "smtpd_tls_security_level = may", ""]);
            bool found = Linter.Run(
                [new Crt001NoCertificate()],
                PostfixConfiguration.Parse(main, "25 inet n - n - - smtpd\n"),
                TargetRange.Of(Target.Of(new PostfixVersion(3, 7))),
                new LintOptions { Files = new RootedFiles("/") }).Any(finding => finding.Severity == Severity.Error);
            said.Add($"{Settings[at]}: {!found}");
        }

        Assert.Equal(real, said);
    }

    private static async Task<bool> HasTlsAsync(int port)
    {
        using TcpClient connection = new();
        await connection.ConnectAsync(IPAddress.Loopback, port);
        await using TestSmtpClient client = await TestSmtpClient.OverAsync(connection);
        await client.EhloAsync();
        if ((await client.SendAsync("STARTTLS")).Code != 220)
            return false;
        using SslStream tls = new(connection.GetStream(), leaveInnerStreamOpen: true, (_, certificate, _, _) => certificate?.Subject == "CN=mx.mta.test");
        try
        {
            await tls.AuthenticateAsClientAsync("mx.mta.test").WaitAsync(Patience, TimeProvider.System);
            return true;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Lines(string settings, string folder) =>
        settings.Split("; ").Select(setting => "smtpd_tls_" + setting.Replace("DIR", folder, StringComparison.Ordinal));

    private static void Write(TempFolder folder)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using RSA rsa = RSA.Create(2048);
        using X509Certificate2 certificate = new CertificateRequest("CN=mx.mta.test", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        string secret = key.ExportECPrivateKeyPem() + "\n";
        string pem = certificate.ExportCertificatePem() + "\n";
        folder.Write("key.pem", secret);
        folder.Write("other.pem", other.ExportPkcs8PrivateKeyPem() + "\n");
        folder.Write("rsa.pem", rsa.ExportRSAPrivateKeyPem() + "\n");
        folder.Write("cert.pem", pem);
        folder.Write("chain.pem", secret + pem);
        folder.Write("backwards.pem", pem + secret);
        folder.Write("text.pem", "no PEM\n");
        folder.Write("damaged.pem", pem.Replace("MII", "M*I", StringComparison.Ordinal));
    }
}
