using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Crt;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Crt;

/// <summary>RV-CRT-001 where the files may be looked at.</summary>
public sealed class CertificateLoadingTests
{
    private static readonly string Ecdsa = TestPem.EcdsaChain();
    private static readonly string OtherEcdsa = TestPem.EcdsaChain();
    private static readonly string Rsa = TestPem.RsaChain();

    private static readonly FakeFiles Files = new FakeFiles()
        .With("/chain.pem", Ecdsa).With("/key.pem", Key(Ecdsa)).With("/cert.pem", Certificates(Ecdsa))
        .With("/other-key.pem", Key(OtherEcdsa)).With("/rsa-key.pem", Key(Rsa)).With("/rsa-cert.pem", Certificates(Rsa))
        .With("/mixed-up.pem", Key(OtherEcdsa) + Certificates(Ecdsa)).With("/backwards.pem", Certificates(Ecdsa) + Key(Ecdsa))
        .With("/text.pem", "no PEM\n").With("/empty.pem");

    [Theory]
    [InlineData("cert_file", "cert_file = /none.pem\nsmtpd_tls_key_file = /key.pem", "the certificate's file is not there")]
    [InlineData("key_file", "cert_file = /cert.pem\nsmtpd_tls_key_file = /none.pem", "the key's file is not there")]
    [InlineData("chain_files", "chain_files = /key.pem, /none.pem", "the file is not there")]
    [InlineData("cert_file", "cert_file = /text.pem\nsmtpd_tls_key_file = /key.pem", "no certificate is in the file")]
    [InlineData("key_file", "cert_file = /cert.pem\nsmtpd_tls_key_file = /empty.pem", "no private key is in the file")]
    [InlineData("cert_file", "cert_file = /cert.pem", "no private key is in the file")]
    [InlineData("chain_files", "chain_files = /text.pem", "no private key and no certificate")]
    [InlineData("key_file", "cert_file = /cert.pem\nsmtpd_tls_key_file = /other-key.pem", "the private key does not belong")]
    [InlineData("key_file", "cert_file = /cert.pem\nsmtpd_tls_key_file = /rsa-key.pem", "the private key does not belong")]
    [InlineData("eckey_file", "eccert_file = /cert.pem\nsmtpd_tls_eckey_file = /other-key.pem", "the private key does not belong")]
    [InlineData("key_file", "cert_file = /rsa-cert.pem\nsmtpd_tls_key_file = /key.pem", "the private key does not belong")]
    [InlineData("chain_files", "chain_files = /mixed-up.pem", "the private key does not belong")]
    [InlineData("cert_file", "cert_file = /key.pem\nsmtpd_tls_key_file = /cert.pem", "are swapped")]
    [InlineData("chain_files", "chain_files = /backwards.pem", "a certificate comes before the first private key")]
    [InlineData("chain_files", "chain_files = /key.pem", "a private key has no certificate behind it")]
    public void What_cannot_be_loaded_leaves_the_server_without_TLS(string parameter, string settings, string message)
    {
        Finding finding = Check(settings).Single<Crt001NoCertificate>();
        Assert.Equal(Severity.Error, finding.Severity);
        Assert.Equal("smtpd_tls_" + parameter, finding.Parameter);
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
        Assert.Equal("TLS not available (454 4.7.0)", finding.Effective);
    }

    [Theory]
    [InlineData("cert_file = /cert.pem\nsmtpd_tls_key_file = /key.pem")]
    [InlineData("cert_file = /rsa-cert.pem\nsmtpd_tls_key_file = /rsa-key.pem\nsmtpd_tls_eccert_file = /cert.pem\nsmtpd_tls_eckey_file = /key.pem")]
    [InlineData("cert_file = /backwards.pem")]
    [InlineData("chain_files = /chain.pem")]
    [InlineData("chain_files = /key.pem /cert.pem /rsa-key.pem /rsa-cert.pem")]
    [InlineData("chain_files = /chain.pem\nsmtpd_tls_cert_file = /none.pem")]
    [InlineData("cert_file = none")]
    public void What_can_be_loaded_is_fine(string settings) => Check(settings).IsSilent<Crt001NoCertificate>();

    [Fact]
    public void Without_files_to_look_at_nothing_is_said() =>
        (Check("cert_file = /none.pem") with { Files = null }).IsSilent<Crt001NoCertificate>();

    private static Lint Check(string settings) => new() { Main = $"smtpd_tls_security_level = may\nsmtpd_tls_{settings}\n", Files = Files };

    private static string Key(string chain) => chain[..chain.IndexOf("-----BEGIN CERTIFICATE", StringComparison.Ordinal)];

    private static string Certificates(string chain) => chain[chain.IndexOf("-----BEGIN CERTIFICATE", StringComparison.Ordinal)..];
}
