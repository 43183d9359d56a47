using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Dep;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Dep;

public sealed class Dep003SuperfluousTests
{
    [Theory]
    [InlineData("address_verify_positive_refresh_time = 7d", "3.11", true)]
    [InlineData("address_verify_positive_refresh_time = 168h", "3.11", true)]
    [InlineData("address_verify_positive_refresh_time = 1w", "3.11", true)]
    [InlineData("address_verify_positive_refresh_time = 7", "3.11", false)]
    [InlineData("address_verify_positive_refresh_time = 8d", "3.11", false)]
    [InlineData("smtpd_tls_auth_only = NO", "3.11", true)]
    [InlineData("smtpd_tls_mandatory_protocols = >=TLSv1", "3.6", true)]
    [InlineData("smtpd_tls_mandatory_protocols = >=TLSv1", "3.5", false)]
    [InlineData("smtpd_tls_mandatory_protocols = !SSLv2 !SSLv3", "3.5", true)]
    [InlineData("smtpd_tls_protocols = !SSLv3, !SSLv2", "3.5", false)]
    [InlineData("tlsproxy_tls_protocols = $smtpd_tls_protocols", "3.11", true)]
    [InlineData("tlsproxy_tls_protocols = >=TLSv1", "3.11", false)]
    [InlineData("address_verify_relayhost =", "3.11", false)]
    [InlineData("address_verify_map = btree:$data_directory/verify_cache", "3.10", true)]
    [InlineData("address_verify_map = btree:/var/lib/postfix/verify_cache", "3.10", true)]
    [InlineData("compatibility_level = 3.6\nsmtpd_relay_before_recipient_restrictions = yes", "3.11", false)]
    [InlineData("compatibility_level = 3.6\nsmtpd_tls_fingerprint_digest = sha256", "3.11", true)]
    [InlineData("smtpd_tls_fingerprint_digest = sha256", "3.11", false)]
    [InlineData("smtp_tls_security_level = ", "3.9", false)]
    [InlineData("smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination", "3.5", false)]
    [InlineData("debug_peer_level = 2\nunknown_local_recipient_reject_code = 550\ninet_interfaces = all", "3.11", false)]
    [InlineData("smtpd_tls_auth_only = no\nx = $smtpd_tls_auth_only", "3.11", false)]
    [InlineData("smtpd_tls_auth_only = no\nsmtpd_tls_auth_only = yes", "3.11", false)]
    [InlineData("my_own_name = no\nsmtpd_no_such_name = no", "3.11", false)]
    [InlineData("smtpd_banner = ${broken", "3.11", false)]
    [InlineData("smtpd_tls_chain_files = $FROM_A_TEMPLATE", "3.11", false)]
    [InlineData("smtpd_tls_auth_only = no\nsmtpd_sasl_auth_enable = yes", "3.11", false)]
    [InlineData("smtp_tls_mandatory_ciphers = medium\nsmtp_tls_ciphers = $smtp_tls_mandatory_ciphers", "3.11", false)]
    [InlineData("smtp_tls_ciphers = $tls_grade_of_ours\ntls_grade_of_ours = medium", "3.11", false)]
    [InlineData("smtpd_tls_cert_file = /c.pem\nsmtpd_tls_key_file = $smtpd_tls_cert_file", "3.11", true)]
    [InlineData("postscreen_greet_banner = $smtpd_banner\nsmtpd_banner = x", "3.11", true)]
    public void A_value_that_is_the_target_s_default_is_found(string main, string postfix, bool found) =>
        Assert.Equal(found ? 1 : 0, new Lint { Main = main + "\n", Postfix = postfix }.Check<Dep003Superfluous>().Count);

    [Fact]
    public void An_option_of_a_service_may_say_what_the_default_is() => new Lint
    {
        Main = "smtpd_tls_auth_only = yes\n",
        Master = "smtp inet n - n - - smtpd -o smtpd_tls_auth_only=no -o smtpd_tls_ask_ccert=no\n",
    }.IsSilent<Dep003Superfluous>();

    [Fact]
    public void The_fix_deletes_the_line_and_nothing_is_found_any_more()
    {
        string main = "# keep\naddress_verify_map =\n  btree:$data_directory/verify_cache\nmyhostname = a.example\n";
        string mended = Applied.To(main, new Lint { Main = main, Postfix = "3.9" }.Single<Dep003Superfluous>().Edits);
        Assert.Equal("# keep\nmyhostname = a.example\n", mended);
        new Lint { Main = mended, Postfix = "3.9" }.IsSilent<Dep003Superfluous>();
    }

    [Fact]
    public void An_earlier_definition_would_come_back_so_that_there_is_no_fix()
    {
        Finding finding = new Lint { Main = "smtpd_tls_auth_only = yes\nsmtpd_tls_auth_only = no\n" }.Single<Dep003Superfluous>();
        Assert.Equal("main.cf:2", finding.Position.ToString());
        Assert.Empty(finding.Edits);
    }

    [Theory]
    [InlineData("smtpd_tls_session_cache_database = btree:/x", "3.11", true)]
    [InlineData("smtpd_tls_session_cache_database = btree:/x", "2.10", false)]
    [InlineData("smtpd_tls_session_cache_database = btree:/x\ntls_ssl_options = no_ticket, NO_COMPRESSION", "3.11", false)]
    [InlineData("smtpd_tls_session_cache_database = btree:/x\ntls_session_ticket_cipher =", "3.11", false)]
    [InlineData("smtpd_tls_session_cache_database = btree:/x\nsmtpd_tls_session_cache_timeout = 0", "3.11", false)]
    [InlineData("smtp_tls_session_cache_database = btree:/x", "3.11", false)]
    [InlineData("smtp_tls_security_level = may\nsmtp_tls_note_starttls_offer = yes", "3.11", true)]
    [InlineData("smtp_tls_security_level = none\nsmtp_tls_note_starttls_offer = yes", "3.11", false)]
    [InlineData("tls_random_source = dev:/dev/urandom", "3.11", true)]
    [InlineData("tls_random_source = dev:/dev/random", "3.11", true)]
    [InlineData("tls_random_source =", "3.11", false)]
    [InlineData("smtpd_tls_loglevel = 2\nsmtp_tls_loglevel = $smtpd_tls_loglevel", "3.11", true)]
    [InlineData("smtpd_tls_loglevel = 2", "3.11", true)]
    [InlineData("smtp_tls_loglevel = 1", "3.11", false)]
    [InlineData("smtp_tls_loglevel = many", "3.11", false)]
    public void Work_that_is_done_otherwise_is_found(string main, string postfix, bool found)
    {
        IReadOnlyList<Finding> findings = new Lint { Main = main + "\n", Postfix = postfix }.Check<Dep003Superfluous>();
        Assert.Equal(found ? 1 : 0, findings.Count);
        Assert.All(findings, finding => new Lint { Main = Applied.To(main + "\n", finding.Edits), Postfix = postfix }.IsSilent<Dep003Superfluous>());
    }

    [Fact]
    public void Another_program_s_randomness_is_left_for_a_human_to_delete()
    {
        Assert.Empty(new Lint { Main = "tls_random_source = egd:/var/run/entropy\n" }.Single<Dep003Superfluous>().Edits);
        new Lint { Main = "tls_random_source = egd:/var/run/entropy\n", OpenSsl = "1.0.2" }.IsSilent<Dep003Superfluous>();
    }

    [Fact]
    public void A_client_of_LMTP_that_uses_TLS_notes_no_offers() => Assert.Equal(
        ["notice lmtp_tls_note_starttls_offer@main.cf:2 []"],
        new Lint
        {
            Main = "lmtp_tls_security_level = may\nlmtp_tls_note_starttls_offer = yes\n",
            Master = "lmtp unix - - n - - lmtp\n",
        }.Brief<Dep003Superfluous>());

    [Fact]
    public void One_client_without_tls_still_notes_offers() => new Lint
    {
        Main = "smtp_tls_security_level = may\nsmtp_tls_note_starttls_offer = yes\n",
        Master = "smtp unix - - n - - smtp\nplain unix - - n - - smtp -o smtp_tls_security_level=none\n",
    }.IsSilent<Dep003Superfluous>();

    [Fact]
    public void The_good_configuration_and_the_stock_one_are_silent()
    {
        new Lint
        {
            Main = "compatibility_level = 3.9\nsmtpd_tls_chain_files = /etc/postfix/key.pem, /etc/postfix/fullchain.pem\nsmtpd_tls_security_level = may\n"
                + "smtpd_tls_mandatory_protocols = >=TLSv1.2\nsmtp_tls_security_level = dane\nsmtp_dns_support_level = dnssec\n"
                + "smtp_tls_mandatory_protocols = >=TLSv1.2\nsmtpd_tls_auth_only = yes\n",
            Postfix = "",
        }.IsSilent<Dep003Superfluous>();
        new Lint
        {
            Main = "compatibility_level = 3.11\nqueue_directory = /var/spool/postfix\ncommand_directory = /usr/sbin\ndata_directory = /var/lib/postfix\n"
                + "mail_owner = postfix\nunknown_local_recipient_reject_code = 550\ndebug_peer_level = 2\ninet_protocols = ipv4\n",
        }.IsSilent<Dep003Superfluous>();
    }

    [Theory]
    [InlineData("${stress?{10}:{300}}s", 1)]
    [InlineData("${stress?{5}:{300}}s", 0)]
    [InlineData("${stress?5}${stress:300}s", 0)]
    public void A_value_that_is_the_default_but_for_stress_is_somebody_s_own(string value, int expected) =>
        Assert.Equal(expected, new Lint { Main = $"smtpd_timeout = {value}\n" }.Check<Dep003Superfluous>().Count);

    /// <summary>What our own pages tell to write must not be called superfluous.</summary>
    [Fact]
    public void No_page_of_ours_recommends_a_line_that_is_superfluous()
    {
        string[] snippets =
        [
            .. Directory.GetFiles(RepositoryFile.PathOf("config"), "*.md", SearchOption.AllDirectories).Append(RepositoryFile.PathOf("README.md"))
                .SelectMany(page => File.ReadAllText(page).Split("```main.cf").Skip(1)).Select(block => block[(block.IndexOf('\n', StringComparison.Ordinal) + 1)..block.IndexOf("```", StringComparison.Ordinal)]),
        ];
        Assert.NotEmpty(snippets);
        Assert.All(snippets, snippet => new Lint { Main = "compatibility_level = 3.9\n" + snippet }.IsSilent<Dep003Superfluous>());
    }
}
