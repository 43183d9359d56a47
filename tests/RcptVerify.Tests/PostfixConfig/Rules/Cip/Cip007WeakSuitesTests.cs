using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Cip;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Cip;

public sealed class Cip007WeakSuitesTests
{
    private static readonly Lint Submission = new() { Main = "smtpd_tls_chain_files = /etc/postfix/chain.pem\n", Master = Mail.Submission };

    [Fact]
    public void A_guideline_somebody_asked_for_judges_Postfix_s_own_lists_too()
    {
        Finding finding = (Submission with { Profile = "mozilla-6.0-intermediate" }).Single<Cip007WeakSuites>();
        Assert.Equal("warning smtpd_tls_mandatory_ciphers@master.cf:1 [submission/inet]", Lint.Brief(finding));
        Assert.Contains("RSA key exchange, finite-field DHE", finding.Message, StringComparison.Ordinal);
        Lint after = Submission with { Profile = "mozilla-6.0-intermediate", Main = Submission.Main + finding.Fix + "\n" };
        after.IsSilent<Cip007WeakSuites>();
    }

    [Fact]
    public void The_default_guideline_judges_what_somebody_chose_only()
    {
        Submission.IsSilent<Cip007WeakSuites>();
        (Submission with { Main = Submission.Main + "smtpd_tls_mandatory_ciphers = high\n" }).IsSilent<Cip007WeakSuites>();
        Finding finding = (Submission with { Main = Submission.Main + "smtpd_tls_mandatory_exclude_ciphers = aNULL, MD5\n" }).Single<Cip007WeakSuites>();
        Assert.Equal("warning smtpd_tls_mandatory_exclude_ciphers@main.cf:2 [submission/inet]", Lint.Brief(finding));
        Assert.EndsWith(": RSA key exchange", finding.Message, StringComparison.Ordinal);
        Assert.Equal("smtpd_tls_mandatory_exclude_ciphers = aNULL, MD5, kRSA", finding.Fix);
    }

    /// <summary>Before 3.8 the lists have suites for DSS keys. A client may meet one; a server uses those of its own key.</summary>
    [Fact]
    public void DSS_is_called_by_its_name_where_there_may_be_such_a_key()
    {
        Lint client = new() { Main = "smtp_tls_security_level = encrypt\nsmtp_tls_mandatory_exclude_ciphers = aNULL\n", Postfix = "3.7" };
        Finding finding = client.Single<Cip007WeakSuites>();
        Assert.EndsWith(": RSA key exchange, DSS keys", finding.Message, StringComparison.Ordinal);
        Assert.Equal("smtp_tls_mandatory_exclude_ciphers = aNULL, kRSA, aDSS", finding.Fix);

        Lint server = Submission with { Main = Submission.Main + "smtpd_tls_mandatory_exclude_ciphers = kRSA, AESCCM8\n", Postfix = "3.7" };
        Assert.Equal(Severity.Notice, server.Single<Cip007WeakSuites>().Severity);
        server = server with { Main = "smtpd_tls_cert_file = /c.pem\nsmtpd_tls_dcert_file = /dsa.pem\nsmtpd_tls_mandatory_exclude_ciphers = kRSA, AESCCM8\n" };
        Assert.EndsWith(": DSS keys", server.Single<Cip007WeakSuites>().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_phased_out_is_a_notice()
    {
        Lint lint = Submission with { Main = Submission.Main + "smtpd_tls_mandatory_exclude_ciphers = kRSA, AESCCM8\n" };
        Finding finding = lint.Single<Cip007WeakSuites>();
        Assert.Equal(Severity.Notice, finding.Severity);
        Assert.EndsWith(": finite-field DHE", finding.Message, StringComparison.Ordinal);
        (lint with { Main = Submission.Main + finding.Fix + "\n" }).IsSilent<Cip007WeakSuites>();
    }

    [Fact]
    public void Opportunistic_TLS_and_TLS_1_3_alone_are_left_in_peace()
    {
        Lint lint = new() { Main = Mail.Mx + "smtp_tls_security_level = dane\nsmtp_dns_support_level = dnssec\n", Profile = "mozilla-6.0-intermediate" };
        lint.IsSilent<Cip007WeakSuites>();
        (Submission with { Profile = "mozilla-6.0-intermediate", Main = Submission.Main + "smtpd_tls_mandatory_protocols = >=TLSv1.3\n" }).IsSilent<Cip007WeakSuites>();
    }

    [Fact]
    public void A_client_with_mandatory_TLS_is_judged_too() => Assert.Equal(
        ["warning smtp_tls_mandatory_exclude_ciphers@main.cf:2 [smtp/unix, relay/unix]"],
        new Lint { Main = "smtp_tls_security_level = encrypt\nsmtp_tls_mandatory_exclude_ciphers = aNULL\n" }.Brief<Cip007WeakSuites>());

    [Fact]
    public void Exclusions_that_leave_nothing_take_TLS_away() => Assert.Equal(
        ["error smtpd_tls_exclude_ciphers@main.cf:3 [smtp/inet]"],
        new Lint { Main = Mail.Mx + "smtpd_tls_exclude_ciphers = ALL\n" }.Brief<Cip007WeakSuites>());

    [Fact]
    public void Exclusions_that_leave_nothing_for_the_server_s_key_are_an_error()
    {
        const string Exclusions = "smtpd_tls_mandatory_exclude_ciphers = aNULL, ECDSA\n";
        Lint lint = Submission with { Main = "smtpd_tls_eccert_file = /ec.pem\n" + Exclusions };
        Assert.Equal(["error smtpd_tls_mandatory_exclude_ciphers@main.cf:2 [submission/inet]"], lint.Brief<Cip007WeakSuites>());
        Assert.DoesNotContain(
            "error",
            (lint with { Main = "smtpd_tls_eccert_file = /ec.pem\nsmtpd_tls_cert_file = /rsa.pem\n" + Exclusions }).Brief<Cip007WeakSuites>()[0],
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_certificate_tells_its_kind_where_it_can_be_read()
    {
        Lint lint = Submission with { Main = Submission.Main + "smtpd_tls_mandatory_exclude_ciphers = aNULL, ECDSA\n" };
        Assert.Equal(
            Severity.Error,
            (lint with { Files = new FakeFiles().With("/etc/postfix/chain.pem", TestPem.EcdsaChain()) }).Single<Cip007WeakSuites>().Severity);
        // A certificate that one makes for oneself may often issue others, openssl req -x509.
        Assert.Equal(
            Severity.Error,
            (lint with { Files = new FakeFiles().With("/etc/postfix/chain.pem", TestPem.Authority()) }).Single<Cip007WeakSuites>().Severity);
        Assert.Equal(
            Severity.Warning,
            (lint with { Files = new FakeFiles().With("/etc/postfix/chain.pem", TestPem.RsaChain()) }).Single<Cip007WeakSuites>().Severity);
        Assert.Equal(
            Severity.Warning,
            (lint with { Files = new FakeFiles().With("/etc/postfix/chain.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n") }).Single<Cip007WeakSuites>().Severity);
        Assert.Equal(Severity.Warning, lint.Single<Cip007WeakSuites>().Severity);
    }
}
