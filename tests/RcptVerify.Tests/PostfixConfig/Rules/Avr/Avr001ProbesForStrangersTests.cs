using RcptVerify.PostfixConfig.Rules.Avr;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Avr;

public sealed class Avr001ProbesForStrangersTests
{
    [Fact]
    public void Verification_before_relay_control_probes_for_anybody() => Assert.Equal(
        ["error smtpd_recipient_restrictions@main.cf:2 [smtp/inet]"],
        new Lint
        {
            Main = "compatibility_level = 2\nsmtpd_recipient_restrictions = reject_unverified_recipient, reject_unauth_destination\n",
        }.Brief<Avr001ProbesForStrangers>());

    [Fact]
    public void Verification_that_nothing_asks_for_is_noticed_once() => Assert.Equal(
        ["notice address_verify_map@main.cf:1 []"],
        new Lint { Main = "address_verify_map = btree:$data_directory/v\naddress_verify_sender = postmaster\n" }.Brief<Avr001ProbesForStrangers>());

    [Theory]
    [InlineData("check_recipient_access lmdb:/etc/postfix/verified")]
    [InlineData("check_policy_service inet:127.0.0.1:10040")]
    [InlineData("reject_unauth_destination, reject_unverified_sender")]
    public void A_table_or_policy_server_may_ask_for_it(string restrictions) =>
        new Lint { Main = $"address_verify_sender = postmaster\nsmtpd_sender_restrictions = {restrictions}\n" }.IsSilent<Avr001ProbesForStrangers>();

    [Fact]
    public void The_word_is_underlined_in_the_class_that_holds_it()
    {
        var finding = new Lint
        {
            Main = "smtpd_restriction_classes = ours\nours = permit_mynetworks,  reject_unverified_recipient\nsmtpd_sender_restrictions = ours\n",
        }.Single<Avr001ProbesForStrangers>();
        Assert.Equal("main.cf:2", finding.Position.ToString());
        Assert.Equal((28, 27), (finding.Position!.Value.Column, finding.Length));
        Assert.Equal("ours", finding.Parameter);
    }

    [Fact]
    public void Relay_restrictions_that_come_first_refuse_strangers_and_leave_a_notice_about_domains() => Assert.Equal(
        ["notice smtpd_recipient_restrictions@main.cf:2 [smtp/inet]"],
        new Lint { Main = "compatibility_level = 3.6\nsmtpd_recipient_restrictions = reject_unverified_recipient\n" }.Brief<Avr001ProbesForStrangers>());

    [Fact]
    public void A_check_of_the_domain_before_it_takes_the_notice_away() => new Lint
    {
        Main = "compatibility_level = 3.6\nsmtpd_recipient_restrictions = reject_unknown_recipient_domain, reject_unverified_recipient\n",
    }.IsSilent<Avr001ProbesForStrangers>();

    [Fact]
    public void A_check_of_the_domain_does_not_keep_strangers_out() => Assert.Equal(
        ["error smtpd_recipient_restrictions@main.cf:2 [smtp/inet]"],
        new Lint
        {
            Main = "compatibility_level = 2\nsmtpd_recipient_restrictions = reject_unknown_recipient_domain, reject_unverified_recipient\n",
        }.Brief<Avr001ProbesForStrangers>());

    [Fact]
    public void The_right_order_is_silent_in_every_release() => new Lint
    {
        Main = "smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination, reject_unverified_recipient\n",
        Postfix = "",
    }.IsSilent<Avr001ProbesForStrangers>();

    [Fact]
    public void A_relay_control_that_only_warns_controls_nothing() => Assert.Equal(
        ["error smtpd_recipient_restrictions@main.cf:1 [smtp/inet]"],
        new Lint
        {
            Main = "smtpd_recipient_restrictions = warn_if_reject reject_unauth_destination, reject_unverified_recipient\n",
        }.Brief<Avr001ProbesForStrangers>());

    [Fact]
    public void Submission_that_turns_strangers_away_first_is_not_open() => Assert.Equal(
        ["notice smtpd_recipient_restrictions@master.cf:4 [submission/inet]"],
        new Lint
        {
            Master = "submission inet n - n - - smtpd\n  -o smtpd_sasl_auth_enable=yes\n  -o smtpd_client_restrictions=permit_sasl_authenticated,reject\n"
                + "  -o smtpd_recipient_restrictions=reject_unverified_recipient\n",
        }.Brief<Avr001ProbesForStrangers>());

    [Fact]
    public void A_server_on_loopback_meets_no_strangers() => new Lint
    {
        Master = "127.0.0.1:10025 inet n - n - - smtpd\n  -o smtpd_recipient_restrictions=reject_unverified_recipient\n",
    }.IsSilent<Avr001ProbesForStrangers>();
}
