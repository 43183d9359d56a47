using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Pro;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Pro;

public sealed class Pro009UnreadListTests
{
    private const string Server = "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /c.pem\n";
    private const string Port25 = "25 inet n - n - - smtpd\n";

    [Fact]
    public void An_MX_does_not_read_the_mandatory_list()
    {
        Finding finding = new Lint { Main = Server + "smtpd_tls_mandatory_protocols = >=TLSv1.2\n", Master = Port25 }.Single<Pro009UnreadList>();
        Assert.Equal("warning smtpd_tls_mandatory_protocols@main.cf:3 [25/inet]", Lint.Brief(finding));
        Assert.Equal("smtpd_tls_protocols = >=TLSv1", finding.Effective);
        Assert.Equal("smtpd_tls_protocols = >=TLSv1.2", finding.Fix);
    }

    [Fact]
    public void The_seed_s_answer_to_POODLE_is_three_lists_for_nobody() => Assert.Equal(
        ["smtpd_tls_mandatory_protocols", "smtpd_tls_mandatory_ciphers", "smtpd_tls_mandatory_exclude_ciphers"],
        new Lint
        {
            Main = Server + "smtpd_tls_mandatory_protocols = !SSLv2, !SSLv3, !TLSv1, !TLSv1.1\n"
                + "smtpd_tls_mandatory_ciphers = high\nsmtpd_tls_mandatory_exclude_ciphers = aNULL, MD5\n",
            Master = Port25,
        }.Check<Pro009UnreadList>().Select(finding => finding.Parameter));

    /// <summary>high and medium select the same suites, but for old libraries and lists of one's own.</summary>
    [Theory]
    [InlineData("", "3.0", "notice", "delete the line")]
    [InlineData("", "1.0.2", "warning", "")]
    [InlineData("tls_high_cipherlist = ECDHE+AESGCM\n", "3.0", "warning", "")]
    [InlineData("tls_medium_cipherlist = ECDHE+AESGCM\n", "3.0", "notice", "delete the line")]
    public void An_unread_grade_matters_as_far_as_it_selects_less(string lists, string openSsl, string severity, string fix)
    {
        Finding finding = new Lint { Main = Server + lists + "smtpd_tls_mandatory_ciphers = high\n", Master = Port25, Postfix = "3.7", OpenSsl = openSsl }
            .Single<Pro009UnreadList>();
        Assert.StartsWith($"{severity} smtpd_tls_mandatory_ciphers", Lint.Brief(finding), StringComparison.Ordinal);
        Assert.Equal(fix, finding.Fix);
    }

    [Fact]
    public void A_list_that_says_what_the_default_does_is_not_advised_for_the_other_parameter() => Assert.Equal(
        "delete the line",
        new Lint { Main = "smtp_tls_security_level = may\nsmtp_tls_mandatory_protocols = !SSLv2, !SSLv3\n", Postfix = "3.9" }.Single<Pro009UnreadList>().Fix);

    [Theory]
    [InlineData("TLSv1.2")]
    [InlineData("!SSLv2, !SSLv3, !TLSv1, !TLSv1.1, !TLSv1.3")]
    public void A_list_without_TLS_1_3_is_not_advised_for_the_other_parameter(string list)
    {
        Finding finding = new Lint { Main = Server + $"smtpd_tls_mandatory_protocols = {list}\n", Master = Port25 }.Single<Pro009UnreadList>();
        Assert.Equal("smtpd_tls_protocols = >=TLSv1.2", finding.Fix);
    }

    [Theory]
    [InlineData("587 inet n - n - - smtpd\n -o smtpd_tls_security_level=encrypt\n")]
    [InlineData("465 inet n - n - - smtpd\n -o smtpd_tls_wrappermode=yes\n")]
    public void Submission_reads_it(string submission) =>
        new Lint { Main = Server + "smtpd_tls_mandatory_protocols = >=TLSv1.2\n", Master = Port25 + submission }.IsSilent<Pro009UnreadList>();

    [Fact]
    public void A_submission_service_with_a_list_of_its_own_does_not_read_main_cf_s() => Assert.Single(new Lint
    {
        Main = Server + "smtpd_tls_mandatory_protocols = >=TLSv1.2\n",
        Master = Port25 + "587 inet n - n - - smtpd\n -o smtpd_tls_security_level=encrypt\n -o smtpd_tls_mandatory_protocols=>=TLSv1.3\n",
    }.Check<Pro009UnreadList>());

    [Fact]
    public void A_list_no_stricter_than_the_one_in_use_deceives_nobody() => new Lint
    {
        Main = Server + "smtpd_tls_mandatory_protocols = >=TLSv1.2\nsmtpd_tls_protocols = >=TLSv1.2\nsmtpd_tls_mandatory_ciphers = medium\n",
        Master = Port25,
    }.IsSilent<Pro009UnreadList>();

    [Fact]
    public void One_that_says_what_the_default_in_use_says_is_a_notice() => Assert.Equal(
        ["notice smtpd_tls_mandatory_protocols@main.cf:3 [25/inet]"],
        new Lint { Main = Server + "smtpd_tls_mandatory_protocols = !SSLv2, !SSLv3\n", Master = Port25 }.Brief<Pro009UnreadList>());

    [Fact]
    public void A_list_that_another_value_refers_to_is_in_use() => new Lint
    {
        Main = Server + "smtpd_tls_mandatory_protocols = >=TLSv1.2\nsmtpd_tls_protocols = $smtpd_tls_mandatory_protocols\n",
        Master = Port25,
    }.IsSilent<Pro009UnreadList>();

    [Fact]
    public void Without_a_master_cf_nobody_knows_of_submission() =>
        new Lint { Main = Server + "smtpd_tls_mandatory_protocols = >=TLSv1.2\n" }.IsSilent<Pro009UnreadList>();

    [Theory]
    [InlineData("smtp_tls_security_level = dane\nsmtp_dns_support_level = dnssec\n")]
    [InlineData("smtp_tls_security_level = may\nsmtp_tls_policy_maps = hash:/etc/postfix/policy\n")]
    public void Destinations_may_read_both(string level) =>
        new Lint { Main = level + "smtp_tls_mandatory_protocols = >=TLSv1.2\n" }.IsSilent<Pro009UnreadList>();

    [Fact]
    public void Where_TLS_is_mandatory_for_all_the_opportunistic_list_is_idle() => Assert.Equal(
        ["warning smtp_tls_protocols@main.cf:2 [smtp/unix, relay/unix]"],
        new Lint { Main = "smtp_tls_security_level = encrypt\nsmtp_tls_protocols = >=TLSv1.2\n" }.Brief<Pro009UnreadList>());

    [Fact]
    public void An_empty_list_hardens_nothing() =>
        new Lint { Main = "lmtp_tls_security_level = may\nlmtp_tls_mandatory_protocols =\n" }.IsSilent<Pro009UnreadList>();
}
