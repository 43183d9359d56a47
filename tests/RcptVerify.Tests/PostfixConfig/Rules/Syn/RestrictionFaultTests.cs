using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Syn;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Syn;

/// <summary>RV-SYN-003 on restriction lists.</summary>
public sealed class RestrictionFaultTests
{
    [Fact]
    public void A_misspelt_restriction_is_an_error_where_it_stands_and_the_near_one_is_named()
    {
        Finding[] findings =
        [
            .. new Lint
            {
                Main = "smtpd_recipient_restrictions = permit_mynetwork, reject_unauth_destination, reject_unverified_recipent, check_policy_service inet:127.0.0.1:10040\n",
            }.Check<Syn003WrongType>(),
        ];
        Assert.Equal(["permit_mynetworks", "reject_unverified_recipient"], findings.Select(finding => finding.Fix));
        Assert.All(findings, finding => Assert.Equal(Severity.Error, finding.Severity));
        Assert.All(findings, finding => Assert.StartsWith("451 4.3.5", finding.Effective, StringComparison.Ordinal));
        Assert.Equal([32, 77], findings.Select(finding => finding.Position!.Value.Column));
        Assert.Equal("Postfix has no restriction \"permit_mynetwork\", did you mean \"permit_mynetworks\"?", findings[0].Message);
    }

    [Theory]
    [InlineData("smtpd_client_restrictions = reject_rbl_clients zen.example\n")]
    [InlineData("smtpd_restriction_classes = ours\nours = reject_unknwon_client\nsmtpd_helo_restrictions = ours\n")]
    [InlineData("smtpd_restriction_classes = ours\nours = permit\nsmtpd_helo_restrictions = OURS\n")]
    [InlineData("smtpd_recipient_restrictions = check_client_access, reject\n")]
    [InlineData("smtpd_recipient_restrictions = reject_unauth_destination, check_recipient_access\n")]
    [InlineData("smtpd_recipient_restrictions = check_policy_service\n")]
    [InlineData("smtpd_recipient_restrictions = check_policy_service private/policy\n")]
    [InlineData("smtpd_data_restrictions = hash:/etc/postfix/access\n")]
    [InlineData("smtpd_restriction_classes = ours\nours =\n")]
    [InlineData("smtpd_etrn_restrictions = permit_mynetworks; reject\n")]
    [InlineData("smtpd_sender_restrictions = warn_if_reject reject_unknown_sender\n")]
    public void What_smtpd_cannot_carry_out_is_an_error(string main) =>
        Assert.Contains(Severity.Error, new Lint { Main = main }.Check<Syn003WrongType>().Select(finding => finding.Severity));

    [Theory]
    [InlineData("smtpd_recipient_restrictions = Permit_MyNetworks, REJECT\n")]
    [InlineData("smtpd_recipient_restrictions = hash:/etc/postfix/access, check_client_access { hash:/x, timeout=1 }, reject\n")]
    [InlineData("smtpd_recipient_restrictions = check_policy_service { inet:127.0.0.1:10040, timeout=10s }, sleep 5, defer\n")]
    [InlineData("smtpd_recipient_restrictions = $ours, permit_mynetwork\n")]
    [InlineData("smtpd_recipient_restrictions = {{ ours }}, permit_mynetwork\n")]
    [InlineData("smtpd_recipient_restrictions = @RESTRICTIONS@, %{ours}, <ours>\n")]
    [InlineData("smtpd_restriction_classes = ours\nours = permit_mynetworks, reject\nsmtpd_helo_restrictions = ours\n")]
    [InlineData("smtpd_restriction_classes = $ours\nsmtpd_helo_restrictions = ours\n")]
    [InlineData("smtpd_restriction_classes =\nsmtpd_helo_restrictions =\n")]
    [InlineData("smtpd_sender_restrictions = reject_sender_login_mismatch, reject_known_sender_login_mismatch\n")]
    [InlineData("smtpd_recipient_restrictions = permit_mynetworks # reject_them\n")]
    [InlineData("my_restrictions = permit_mynetwork\n")]
    [InlineData("smtpd_recipient_restrictions = permit_mynetwork\nsmtpd_recipient_restrictions = reject\n")]
    public void What_it_can_carry_out_or_is_not_known_is_fine(string main) => Assert.DoesNotContain(
        new Lint { Main = main }.Check<Syn003WrongType>(), finding => finding.Severity >= Severity.Warning);

    [Fact]
    public void Behind_a_word_that_decides_for_all_nobody_comes_to_it()
    {
        Assert.Equal(Severity.Notice, new Lint { Main = "smtpd_recipient_restrictions = reject, permit_mynetwork\n" }.Single<Syn003WrongType>().Severity);
        Assert.Equal(Severity.Error, new Lint { Main = "smtpd_recipient_restrictions = warn_if_reject reject, permit_mynetwork\n" }.Single<Syn003WrongType>().Severity);
    }

    [Theory]
    [InlineData("smtpd_recipient_restrictions = check_policy_service private/policy\n")]
    [InlineData("smtpd_recipient_restrictions = reject, check_policy_service reject\n")]
    [InlineData("smtpd_restriction_classes = ours\n")]
    public void What_ends_the_server_at_its_start_is_an_error_whoever_comes_to_it(string main) =>
        Assert.Equal("the server does not start", new Lint { Main = main }.Single<Syn003WrongType>().Effective);

    [Theory]
    [InlineData("2.9", true)]
    [InlineData("2.10", false)]
    public void A_word_that_a_later_release_brought_is_told_from_an_unknown_one(string postfix, bool found)
    {
        Lint lint = new() { Main = "smtpd_recipient_restrictions = defer_unauth_destination\n", Postfix = postfix };
        Assert.Equal(found ? ["Postfix 2.10 or later"] : [], lint.Check<Syn003WrongType>().Select(finding => finding.Fix));
    }

    [Fact]
    public void A_dns_list_without_a_domain_does_nothing() =>
        Assert.Equal(Severity.Warning, new Lint { Main = "smtpd_client_restrictions = reject_rbl_client\n" }.Single<Syn003WrongType>().Severity);

    [Theory]
    [InlineData("unverified_recipient_reject_code = 55\n", "is less than 200")]
    [InlineData("unverified_recipient_reject_code = 600\n", "is more than 599")]
    [InlineData("unverified_sender_defer_code = 550\n", "is more than 499")]
    [InlineData("address_verify_poll_count = 0\n", "is less than 1")]
    [InlineData("address_verify_poll_count = ${stress?{0}:{3}}\n", "is less than 1")]
    [InlineData("address_verify_negative_expire_time = 0\n", "is less than 1s")]
    [InlineData("smtpd_timeout = 0s\n", "is less than 1s")]
    [InlineData("maximal_queue_lifetime = 101\n", "is more than 8640000s")]
    [InlineData("smtpd_tls_session_cache_timeout = 101d\n", "is more than 8640000s")]
    [InlineData("default_process_limit = -1\n", "is less than 1")]
    public void A_number_or_a_time_out_of_range_stops_the_program(string main, string fault)
    {
        Finding finding = new Lint { Main = main }.Single<Syn003WrongType>();
        Assert.Equal(Severity.Error, finding.Severity);
        Assert.Contains(fault, finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unverified_recipient_reject_code = 250\n")]
    [InlineData("maximal_queue_lifetime = 100\nbounce_queue_lifetime = 0\nsmtpd_timeout = 1\n")]
    [InlineData("smtpd_client_connection_count_limit = -1\nmessage_size_limit = 0\nreject_code = 421\n")]
    [InlineData("address_verify_cache_cleanup_interval = 0\n")]
    public void Within_the_range_or_without_one_it_is_fine(string main) => new Lint { Main = main }.IsSilent<Syn003WrongType>();

    [Theory]
    [InlineData("reject_code = 55\n")]
    [InlineData("unknown_local_recipient_reject_code = 5550\n")]
    [InlineData("access_map_defer_code = 250\n")]
    public void A_code_that_does_not_refuse_is_replaced_by_450(string main)
    {
        Finding finding = new Lint { Main = main }.Single<Syn003WrongType>();
        Assert.Equal((Severity.Warning, "450 4.7.1 Service unavailable"), (finding.Severity, finding.Effective));
    }

    [Fact]
    public void Limits_are_those_of_the_release()
    {
        Lint lint = new() { Main = "smtpd_tls_session_cache_timeout = 101d\n", Postfix = "2.10" };
        lint.IsSilent<Syn003WrongType>();
        Assert.Single((lint with { Postfix = "2.11" }).Check<Syn003WrongType>());
    }
}
