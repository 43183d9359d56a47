using System.Net;
using RcptVerify.PostfixConfig.Ciphers;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Expansion;
using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Restrictions;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Cip;
using RcptVerify.PostfixConfig.Rules.Net;
using RcptVerify.PostfixConfig.Rules.Syn;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Tls;
using RcptVerify.PostfixConfig.Versions;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig;

/// <summary>Values and files longer than anybody's: what is kept, what is cut, and that the outcome is the one of short ones.</summary>
public sealed class LargeConfigurationTests
{
    private const int Many = 1500;

    private static readonly Target Target = Target.Of(PostfixVersion.Latest);

    [Fact]
    public void Of_a_long_list_each_word_is_read_where_it_stands_last()
    {
        string list = string.Concat(Enumerable.Repeat("a:b, ", 1000)) + "c b";
        Assert.Equal(["a", "c", "b"], ListWords.Of(list).Select(word => word.Text));
        Assert.All(ListWords.Of(list), word => Assert.Equal(word.Offset, list.LastIndexOf(word.Text, StringComparison.Ordinal)));
    }

    [Fact]
    public void Of_the_bounds_of_a_long_list_the_last_one_counts()
    {
        string repeated = string.Concat(Enumerable.Repeat(">=TLSv1.2 >=TLSv1 ", 1000));
        Assert.Equal(TlsProtocols.TlsV12 | TlsProtocols.TlsV13, TlsProtocolSet.Parse(repeated + ">=TLSv1.2", Target).Enabled);
        Assert.True(TlsProtocolSet.Parse(repeated, Target).Enabled.HasFlag(TlsProtocols.TlsV1));
    }

    [Fact]
    public void A_list_of_nothing_but_unknown_words_is_void_whatever_follows()
    {
        TlsProtocolSet set = TlsProtocolSet.Parse(string.Join(' ', Enumerable.Range(0, Many).Select(number => $"x{number}")) + " TLSv1.2", Target);
        Assert.False(set.IsValid);
        Assert.Equal(TlsProtocols.None, set.Enabled);
        Assert.Equal("x0", set.Tokens[0].Text);
        Assert.InRange(set.Tokens.Count, 1, Many - 1);
    }

    [Fact]
    public void Values_that_refer_to_each_other_too_often_are_told_once_and_what_does_not_is_judged()
    {
        string chain = string.Concat(Enumerable.Range(0, 20_000).Select(number => $"a{number} = $a{number + 1}\n"));
        Lint lint = new() { Main = chain + "smtpd_tls_security_level = nonsense\n" };
        Finding found = Assert.Single(lint.Check<Syn001FatalParseError>());
        Assert.Contains(ParameterExpander.BudgetError, found.Message, StringComparison.Ordinal);
        Assert.Contains(lint.Check<Syn003WrongType>(), finding => finding.Parameter == "smtpd_tls_security_level");
    }

    [Fact]
    public void A_cipher_list_longer_than_anybody_s_is_not_evaluated_and_not_called_empty()
    {
        Lint lint = new()
        {
            Main = $"smtpd_tls_security_level = may\nsmtpd_tls_chain_files = /x\ntls_medium_cipherlist = HIGH:{new string(':', CipherString.Longest)}NONE\nsmtpd_tls_exclude_ciphers = RC4, aNULL\n",
        };
        EffectiveConfiguration effective = EffectiveConfiguration.Of(lint.Configuration, Target);
        CipherSelection ciphers = effective.Services.First(service => service.Daemon == Daemon.Smtpd).Tls!.InForce.Ciphers;
        Assert.True(ciphers.IsValid);
        Assert.Null(ciphers.Suites);
        Assert.Equal(Severity.Warning, lint.Single<Cip006OverriddenCipherList>().Severity);
        lint.IsSilent<Cip001IdleExclusion>();
        lint.IsSilent<Cip004OpportunisticExclusion>();
    }

    [Fact]
    public void A_restriction_is_found_in_a_long_list_in_any_case()
    {
        string list = string.Concat(Enumerable.Range(0, Many).Select(number => $"check_client_access hash:/t{number}, ")) + "Reject_Unverified_Recipient, check_policy_service inet:[::1]:1";
        EffectiveService service = EffectiveConfiguration.Of(PostfixConfiguration.Parse($"smtpd_recipient_restrictions = {list}\n"), Target)
            .Services.First(service => service.Daemon == Daemon.Smtpd);
        Assert.Equal("Reject_Unverified_Recipient", Assert.Single(RestrictionLists.Named(service, "reject_unverified_recipient")).Name);
        Assert.Empty(RestrictionLists.Named(service, "reject_unverified_sender"));
        Assert.Contains("check_policy_service", RestrictionLists.NamesOf(service));
    }

    [Fact]
    public void Faults_of_a_long_list_of_networks_are_those_of_a_short_one()
    {
        string list = string.Concat(Enumerable.Range(0, Many).Select(number => $"10.{number >> 8}.{number & 255}.0/24 ")) + "192.0.2.1/24, 0.0.0.0/0 [::1]/128 127.0.0.1";
        Finding[] found = [.. new Lint { Main = $"mynetworks = {list}\n" }.Check<Net004TrustedNetworks>()];
        Assert.Equal(["192.0.2.1/24", "0.0.0.0/0"], found.Select(finding => finding.Effective));
        Assert.Equal(list.IndexOf("192.0.2.1/24", StringComparison.Ordinal) + "mynetworks = ".Length + 1, found[0].Position!.Value.Column);
    }

    [Theory]
    [InlineData("192.168.128.0/17", "192.168.255.255", true)]
    [InlineData("192.168.128.0/17", "192.168.127.255", false)]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "127.0.0.2", false)]
    [InlineData("[fe80::]/10", "febf::1", true)]
    [InlineData("[fe80::]/10", "fec0::1", false)]
    [InlineData("0.0.0.0/0", "::1", false)]
    public void A_network_holds_what_has_its_prefix(string network, string address, bool holds) =>
        Assert.Equal(holds, NetworkPattern.TryParse(network)!.Holds(IPAddress.Parse(address)));

    [Fact]
    public void Comments_that_are_not_understood_and_unused_ones_are_told_a_thousand_times_at_most()
    {
        string malformed = string.Concat(Enumerable.Repeat("# rcptverify: ignore\nx = $x2\n", Many));
        string unused = string.Concat(Enumerable.Repeat("# rcptverify: disable=RV-PRO-003 reason=\"x\"\n", Many));
        Lint lint = new() { Main = malformed + unused + "x2 = 1\n" };
        LintReport report = LintRun.Check(lint.Configuration, lint.Range, lint.Options, new Dictionary<string, Severity>(), new HashSet<string>());
        Assert.Equal(Linter.MaxFindingsOfRule + 1, report.Findings.Count(finding => finding.Rule == SuppressionReader.MalformedRule));
        Assert.Equal(Linter.MaxFindingsOfRule + 1, report.Findings.Count(finding => finding.Rule == LintRun.UnusedRule));
    }

    [Theory]
    [InlineData("a\r\nb\n", 1, "a")]
    [InlineData("a\r\nb\n", 2, "b")]
    [InlineData("a\nb", 2, "b")]
    [InlineData("a\n\nb", 2, "")]
    [InlineData("a\n", 2, "")]
    [InlineData("", 1, "")]
    [InlineData("a", 0, "")]
    public void A_line_is_found_by_its_number(string text, int number, string line) => Assert.Equal(line, new SourceFile("x", text).Line(number));
}
