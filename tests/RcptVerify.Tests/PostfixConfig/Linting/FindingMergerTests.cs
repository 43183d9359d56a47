using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Reporters;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Pro;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Linting;

public sealed class FindingMergerTests
{
    [Fact]
    public void One_cause_is_one_finding_of_all_its_services()
    {
        Finding finding = new Lint { Main = "smtp_tls_security_level = may\nsmtp_tls_protocols = >=TLSv1.3, <=TLSv1.2\n" }.Single<Pro006EmptySet>();
        Assert.Equal(["smtp/unix", "relay/unix"], finding.Services);
    }

    [Theory]
    [InlineData(">=TLSv1.3, <=TLSv1.2", "Postfix 3.6 and later")]
    [InlineData("TLSv1.2, !TLSv1.2", "Postfix up to 3.5")]
    [InlineData("TLSv1.2, !TLSv1.2", "Postfix 3.6 and later")]
    public void It_says_for_which_releases_it_holds(string protocols, string versions)
    {
        Lint lint = new() { Main = $"smtp_tls_security_level = may\nsmtp_tls_protocols = {protocols}\n", Postfix = "" };
        IReadOnlyList<Finding> found = lint.Check<Pro006EmptySet>();
        Assert.Contains(found, finding => VersionText.Of(finding, lint.Range) == versions);
    }

    [Fact]
    public void Findings_come_in_the_order_of_their_places()
    {
        Lint lint = new()
        {
            Main = "smtp_tls_security_level = may\nlmtp_tls_security_level = may\nsmtp_tls_protocols = TLSv1.2, !TLSv1.2\nlmtp_tls_protocols = TLSv1.2, !TLSv1.2\n",
            Master = "lmtp unix - - n - - lmtp\nsmtp unix - - n - - smtp\nrelay unix - - n - - smtp\n  -o smtp_tls_protocols=TLSv1.1,!TLSv1.1\n",
        };
        Assert.Equal(
            ["error smtp_tls_protocols@main.cf:3 [smtp/unix]", "error lmtp_tls_protocols@main.cf:4 [lmtp/unix]", "error smtp_tls_protocols@master.cf:4 [relay/unix]"],
            lint.Brief<Pro006EmptySet>());
    }

    [Fact]
    public void A_thousand_findings_of_a_rule_are_enough()
    {
        Lint lint = new() { Main = string.Concat(Enumerable.Range(0, 1500).Select(number => $"nobody_has_this_{number} = x\n")) };
        string[] messages = [.. lint.Check<RcptVerify.PostfixConfig.Rules.Syn.Syn007UnknownParameter>().Select(finding => finding.Message)];
        Assert.Equal(Linter.MaxFindingsOfRule + 1, messages.Length);
        Assert.Equal("there are more than 1000 findings of this rule: the others are not told", messages[0]);
    }
}
