using RcptVerify.PostfixConfig.Rules.Avr;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Avr;

public sealed class Avr004VerifyTargetTests
{
    [Fact]
    public void The_lmtp_client_does_not_read_the_smtp_client_s_name()
    {
        var finding = new Lint { Master = "lmtp-data unix - - n - - lmtp\n  -o lmtp_address_verify_target=data\n  -o smtp_helo_name=mx.example.com\n" }
            .Single<Avr004VerifyTarget>();
        Assert.Equal("error smtp_helo_name@master.cf:3 [lmtp-data/unix]", Lint.Brief(finding));
        Assert.Equal("-o lmtp_lhlo_name=mx.example.com", finding.Fix);
    }

    [Fact]
    public void The_smtp_client_does_not_read_the_lmtp_client_s_target()
    {
        var finding = new Lint { Master = "relay unix - - n - - smtp\n  -o lmtp_address_verify_target=data\n" }.Single<Avr004VerifyTarget>();
        Assert.Equal("-o smtp_address_verify_target=data", finding.Fix);
        Assert.Equal("smtp_address_verify_target = rcpt", finding.Effective);
    }

    [Fact]
    public void An_option_that_another_value_refers_to_has_an_effect() => new Lint
    {
        Master = "lmtp-data unix - - n - - lmtp\n  -o smtp_helo_name=mx.example.com\n  -o lmtp_lhlo_name=$smtp_helo_name\n",
    }.IsSilent<Avr004VerifyTarget>();

    [Fact]
    public void A_name_of_one_s_own_is_nobody_s_parameter() => new Lint
    {
        Master = "lmtp-data unix - - n - - lmtp\n  -o smtp_my_own_name=x\n  -o syslog_name=smtp_x\n",
    }.IsSilent<Avr004VerifyTarget>();

    [Theory]
    [InlineData("rcpt", "3.11", null)]
    [InlineData("RCPT", "3.11", null)]
    [InlineData("data", "3.11", "notice smtp_address_verify_target@main.cf:1 []")]
    [InlineData("eod", "3.11", "error smtp_address_verify_target@main.cf:1 []")]
    [InlineData("", "3.11", "error smtp_address_verify_target@main.cf:1 []")]
    [InlineData("rcpt", "2.11", "error smtp_address_verify_target@main.cf:1 []")]
    public void A_target_for_all_destinations_is_judged_by_value_and_release(string value, string postfix, string? finding) => Assert.Equal(
        finding is null ? [] : [finding],
        new Lint { Main = $"smtp_address_verify_target = {value}\n", Postfix = postfix }.Brief<Avr004VerifyTarget>());

    [Fact]
    public void A_target_of_a_transport_s_own_is_as_it_should_be() =>
        new Lint { Master = "smtp-data unix - - n - - smtp\n  -o smtp_address_verify_target=data\n" }.IsSilent<Avr004VerifyTarget>();

    [Fact]
    public void A_target_on_the_server_has_no_effect() => Assert.Equal(
        ["error smtp_address_verify_target@master.cf:2 [smtp/inet]"],
        new Lint { Master = "smtp inet n - n - - smtpd\n  -o smtp_address_verify_target=data\n" }.Brief<Avr004VerifyTarget>());

    [Theory]
    [InlineData("smtp -o slow_destination_rate_delay=5s", "slow_destination_rate_delay = 5s")]
    [InlineData("smtp -o smtp_destination_concurrency_limit=2", "slow_destination_concurrency_limit = 2")]
    [InlineData("pipe -o slow_destination_recipient_limit=1 flags=R user=mail argv=/bin/true", "slow_destination_recipient_limit = 1")]
    [InlineData("lmtp -o smtp_destination_recipient_limit=1", "slow_destination_recipient_limit = 1")]
    [InlineData("smtp -o slow_extra_recipient_limit=9", "slow_extra_recipient_limit = 9")]
    [InlineData("pipe -o slow_time_limit=60 flags=R user=mail argv=/bin/true", null)]
    [InlineData("smtp -o smtp_destination_limit_of_ours=1", null)]
    [InlineData("smtp -o x_recipient_limit=1 -o syslog_name=$x_recipient_limit", null)]
    public void A_transport_s_limits_are_the_queue_manager_s(string command, string? inMain)
    {
        Lint lint = new() { Master = $"slow unix - n n - - {command}\n" };
        if (inMain is null)
        {
            lint.IsSilent<Avr004VerifyTarget>();
            return;
        }

        var finding = lint.Single<Avr004VerifyTarget>();
        Assert.Equal(RcptVerify.PostfixConfig.Rules.Severity.Warning, finding.Severity);
        Assert.Equal($"in main.cf: {inMain}", finding.Fix);
    }

    [Fact]
    public void The_queue_manager_s_own_options_count() =>
        new Lint { Master = "qmgr unix n - n 300 1 qmgr -o slow_destination_rate_delay=5s\n" }.IsSilent<Avr004VerifyTarget>();
}
