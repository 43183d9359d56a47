using Microsoft.Extensions.Time.Testing;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Crt;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Crt;

public sealed class Crt003CertificateQualityTests
{
    private const string Chain = "/etc/postfix/chain.pem";
    private const string Snakeoil = "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /etc/ssl/certs/ssl-cert-snakeoil.pem\n";
    private const string Leaf = "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /etc/letsencrypt/live/mx.example.com/cert.pem\n";

    [Fact]
    public void A_self_signed_certificate_weighs_more_where_users_check_it() => Assert.Equal(
        ["warning smtpd_tls_cert_file@main.cf:2 [submission/inet]", "notice smtpd_tls_cert_file@main.cf:2 [smtp/inet]"],
        new Lint { Main = Snakeoil, Master = Mail.Smtp + Mail.Submission }.Brief<Crt003CertificateQuality>());

    [Fact]
    public void A_certificate_without_its_intermediate_is_found_by_its_name()
    {
        Assert.Equal(["warning smtpd_tls_cert_file@main.cf:2 [smtp/inet]"], new Lint { Main = Leaf }.Brief<Crt003CertificateQuality>());
        Assert.Equal(
            ["warning smtpd_tls_chain_files@main.cf:3 [smtp/inet]"],
            new Lint { Main = Leaf + "smtpd_tls_chain_files = /etc/letsencrypt/live/a/privkey.pem, /etc/letsencrypt/live/a/cert.pem\n" }.Brief<Crt003CertificateQuality>());
    }

    [Theory]
    [InlineData("smtpd_tls_CAfile = /etc/letsencrypt/live/mx.example.com/chain.pem")]
    [InlineData("smtpd_tls_chain_files = /etc/letsencrypt/live/a/privkey.pem, /etc/letsencrypt/live/a/cert.pem, /etc/letsencrypt/live/a/chain.pem")]
    [InlineData("smtpd_tls_chain_files = /etc/letsencrypt/live/a/privkey.pem, /etc/letsencrypt/live/a/fullchain.pem")]
    [InlineData("smtpd_tls_cert_file = /etc/postfix/cert.pem")]
    [InlineData("smtpd_tls_security_level = none")]
    public void Where_the_intermediate_comes_from_elsewhere_or_may_it_is_fine(string line) => new Lint { Main = Leaf + line + "\n" }.IsSilent<Crt003CertificateQuality>();

    [Fact]
    public void A_certificate_alone_in_a_file_is_found_whatever_the_name_and_a_chain_is_fine_under_any_name()
    {
        string chain = TestPem.EcdsaChain();
        Finding finding = At(TestPem.From.AddDays(1), TestPem.Alone(chain)).Single<Crt003CertificateQuality>();
        Assert.Equal("warning smtpd_tls_chain_files@main.cf:2 [smtp/inet]", Lint.Brief(finding));
        Assert.StartsWith("the intermediate certificate is missing", finding.Message, StringComparison.Ordinal);
        At(TestPem.From.AddDays(1), chain).IsSilent<Crt003CertificateQuality>();
        const string Named = "/etc/letsencrypt/live/mx.example.com/cert.pem";
        Lint lint = new() { Main = Leaf, Time = new FakeTimeProvider(TestPem.From.AddDays(1)) };
        (lint with { Files = new FakeFiles().With(Named, chain) }).IsSilent<Crt003CertificateQuality>();
        Assert.Equal("fullchain.pem", (lint with { Files = new FakeFiles().With(Named, TestPem.Alone(chain)) }).Single<Crt003CertificateQuality>().Fix);
        Lint elsewhere = lint with { Main = Leaf + "smtpd_tls_CApath = /etc/ssl/certs\n", Files = new FakeFiles().With(Named, TestPem.Alone(chain)) };
        elsewhere.IsSilent<Crt003CertificateQuality>();
    }

    [Fact]
    public void Of_a_list_of_chains_each_needs_its_issuer_s_certificate_in_this_file_or_the_next_ones()
    {
        string alone = TestPem.Alone(TestPem.EcdsaChain());
        string rsa = TestPem.RsaChain();
        Assert.Empty(Found(alone, TestPem.Authority(), rsa));
        Assert.Empty(Found(alone, null, rsa));
        Assert.Equal(["/a"], Found(alone, rsa));
        Assert.Equal(["/b"], Found(rsa, alone));

        static string[] Found(params string?[] texts)
        {
            FakeFiles files = new();
            string[] paths = [.. texts.Select((_, at) => $"/{(char)('a' + at)}")];
            foreach ((string path, string? text) in paths.Zip(texts))
            {
                if (text is not null)
                    files.With(path, text);
            }

            Lint lint = new()
            {
                Main = $"smtpd_tls_security_level = may\nsmtpd_tls_chain_files = {string.Join(' ', paths)}\n",
                Files = files,
                Time = new FakeTimeProvider(TestPem.From.AddDays(1)),
            };
            return [.. lint.Check<Crt003CertificateQuality>().Select(finding => paths[(finding.Position!.Value.Column - 25) / 3])];
        }
    }

    [Theory]
    [InlineData(2026, 6, 1, null)]
    [InlineData(2025, 12, 31, "not valid before 2026-01-01")]
    [InlineData(2027, 1, 1, "expired on 2026-12-31")]
    public void Dates_are_compared_with_the_clock(int year, int month, int day, string? says)
    {
        IReadOnlyList<Finding> found = At(new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero), TestPem.EcdsaChain()).Check<Crt003CertificateQuality>();
        if (says is null)
            Assert.Empty(found);
        else
            Assert.Contains(says, Assert.Single(found, finding => finding.Severity == Severity.Error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_key_a_weak_hash_and_a_certificate_that_signed_itself_are_seen()
    {
        Assert.Equal(["error"], Severities(TestPem.RsaChain(1024)));
        Assert.Equal(["error"], Severities(TestPem.Sha1()));
        Assert.Equal(["notice"], Severities(TestPem.RsaChain(issuer: "CN=mx.example.com")));
        Assert.Empty(Severities(TestPem.RsaChain()));
    }

    [Fact]
    public void The_guideline_has_a_say_about_keys_and_time()
    {
        string pem = TestPem.RsaChain(to: TestPem.From.AddDays(400));
        Assert.Empty(Severities(pem));
        Assert.Equal(
            ["notice"],
            (At(TestPem.From.AddDays(1), pem) with { Profile = "mozilla-6.0-intermediate" }).Check<Crt003CertificateQuality>().Select(Text));
        Assert.Equal(["notice"], (At(TestPem.From.AddDays(1), pem) with { Profile = "ncsc-2025-05" }).Check<Crt003CertificateQuality>().Select(Text));
    }

    [Fact]
    public void A_key_that_everybody_may_read_is_found_and_a_certificate_may_be_read()
    {
        string pem = TestPem.EcdsaChain();
        Lint lint = At(TestPem.From.AddDays(1), pem);
        Assert.Equal(
            ["error"],
            (lint with { Files = new FakeFiles().With(Chain, pem, readableByAll: true) }).Check<Crt003CertificateQuality>().Select(Text));
        string certificate = pem[pem.IndexOf("-----BEGIN CERTIFICATE", StringComparison.Ordinal)..];
        (lint with { Files = new FakeFiles().With(Chain, certificate, readableByAll: true) }).IsSilent<Crt003CertificateQuality>();
    }

    [Fact]
    public void What_the_file_says_counts_more_than_its_name() => new Lint
    {
        Main = Snakeoil,
        Files = new FakeFiles().With("/etc/ssl/certs/ssl-cert-snakeoil.pem", TestPem.EcdsaChain()),
        Time = new FakeTimeProvider(TestPem.From.AddDays(1)),
    }.IsSilent<Crt003CertificateQuality>();

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n-----BEGIN")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n")]
    public void Garbage_says_nothing(string text) => At(TestPem.From, text).IsSilent<Crt003CertificateQuality>();

    private static IEnumerable<string> Severities(string pem) => At(TestPem.From.AddDays(1), pem).Check<Crt003CertificateQuality>().Select(Text);

    private static string Text(Finding finding) => RcptVerify.PostfixConfig.Rules.Severities.Text(finding.Severity);

    private static Lint At(DateTimeOffset time, string pem) =>
        new() { Main = Mail.Mx, Files = new FakeFiles().With(Chain, pem), Time = new FakeTimeProvider(time) };
}
