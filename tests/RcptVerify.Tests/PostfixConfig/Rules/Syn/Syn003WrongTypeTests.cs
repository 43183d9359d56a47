using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Syn;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Syn;

public sealed class Syn003WrongTypeTests
{
    /// <summary>Checked with Postfix 3.7: "fatal: bad string length 0 &lt; 1" from every program.</summary>
    [Theory]
    [InlineData("myhostname =\n", true)]
    [InlineData("myorigin = \n", true)]
    [InlineData("myhostname =\nmyhostname = mx.example.com\n", false)]
    [InlineData("relayhost =\n", false)]
    [InlineData("mydestination =\n", false)]
    [InlineData("setgid_group =\n", false)]
    public void A_name_that_must_not_be_empty_is_an_error_when_it_is(string main, bool found) =>
        Assert.Equal(found ? ["error"] : [], new Lint { Main = main }.Check<Syn003WrongType>().Select(finding => Severities.Text(finding.Severity)));

    [Theory]
    [InlineData("smtpd_tls_auth_only = true\n", "smtpd_tls_auth_only = yes")]
    [InlineData("smtpd_tls_auth_only =\n", "")]
    [InlineData("smtpd_hard_error_limit = 10x\n", "")]
    [InlineData("message_size_limit = 10 240 000\n", "")]
    [InlineData("smtpd_timeout = 30 s\n", "")]
    [InlineData("smtpd_timeout = 1.5h\n", "")]
    [InlineData("smtpd_timeout =\n", "")]
    [InlineData("smtpd_timeout = 30S\n", "")]
    [InlineData("smtpd_timeout = 99999999999s\n", "")]
    [InlineData("smtpd_timeout = $nobody\n", "")]
    [InlineData("smtp_tls_security_level = encrpyt\n", "smtp_tls_security_level = encrypt")]
    [InlineData("smtpd_tls_security_level = dane\n", "smtpd_tls_security_level = may")]
    [InlineData("smtp_address_verify_target = end-of-data\n", "")]
    [InlineData("inet_protocols = IPv4\n", "inet_protocols = ipv4")]
    [InlineData("inet_protocols = ipv4, ipv5\n", "")]
    [InlineData("smtp_dns_support_level = yes\n", "")]
    public void A_value_of_the_wrong_kind_stops_the_program(string main, string fix)
    {
        Finding finding = new Lint { Main = main }.Single<Syn003WrongType>();
        Assert.Equal(Severity.Error, finding.Severity);
        if (fix.Length > 0 && !fix.EndsWith(" may", StringComparison.Ordinal))
            Assert.Equal(fix, finding.Fix);
    }

    [Theory]
    [InlineData("smtpd_tls_auth_only = YES\n")]
    [InlineData("smtpd_hard_error_limit = ${stress?{1}:{20}}\n")]
    [InlineData("smtpd_timeout = 1800s\nsmtpd_starttls_timeout = 30\n")]
    [InlineData("smtpd_tls_loglevel =\nmilter_protocol = 6\nlmtp_tcp_port = lmtp\n")]
    [InlineData("default_destination_concurrency_negative_feedback = 1/concurrency\n")]
    [InlineData("compatibility_level = 3.11\n")]
    [InlineData("postscreen_use_tls = $smtpd_use_tls\n")]
    [InlineData("inet_protocols =\nsmtp_tls_security_level =\n")]
    [InlineData("smtp_tls_security_level = DANE\nsmtp_address_preference = IPv6\n")]
    [InlineData("smtpd_forbid_bare_newline = normalize\n")]
    [InlineData("smtpd_timeout = 30s # later\n")]
    [InlineData("my_flag = perhaps\n")]
    public void A_value_of_the_right_kind_is_fine(string main) => new Lint { Main = main }.IsSilent<Syn003WrongType>();

    [Fact]
    public void Under_stress_it_is_read_again() =>
        Assert.Single(new Lint { Main = "smtpd_timeout = ${stress?{10 s}:{300s}}\n" }.Check<Syn003WrongType>());

    [Theory]
    [InlineData("2.10", 1)]
    [InlineData("2.11", 0)]
    public void A_word_is_judged_by_the_release(string release, int expected) =>
        Assert.Equal(expected, new Lint { Main = "smtp_tls_security_level = dane\n", Postfix = release }.Check<Syn003WrongType>().Count);

    [Fact]
    public void An_option_is_judged_for_its_service() => Assert.Equal(
        ["error smtp_address_verify_target@master.cf:2 [probe/unix]"],
        new Lint { Master = "probe unix - - n - - smtp\n -o smtp_address_verify_target=end-of-data\n" }.Brief<Syn003WrongType>());

    /// <summary>As smtp(8) of 3.7 does, run by itself with each of them.</summary>
    [Theory]
    [InlineData("smtp_address_preference =", true)]
    [InlineData("smtp_host_lookup =", true)]
    [InlineData("smtp_tls_dane_insecure_mx_policy =", true)]
    [InlineData("smtp_dns_resolver_options = RES_DNSRCH", true)]
    [InlineData("smtp_dns_resolver_options = bogus", true)]
    [InlineData("smtp_dns_resolver_options = res_dnsrch, res_defnames", false)]
    [InlineData("smtp_dns_resolver_options =", false)]
    [InlineData("smtp_dns_support_level =", false)]
    [InlineData("smtp_dns_support_level = DNSSEC", false)]
    [InlineData("smtp_address_preference = IPV4", false)]
    [InlineData("smtp_tls_security_level =", false)]
    public void Some_words_must_be_there_and_some_may_be_missing(string line, bool isFatal) =>
        Assert.Equal(isFatal ? 1 : 0, new Lint { Main = line + "\n" }.Check<Syn003WrongType>().Count);
}
