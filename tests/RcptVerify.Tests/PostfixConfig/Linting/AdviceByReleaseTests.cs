using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Versions;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Linting;

/// <summary>Without a known release one fault is told once, with the repair of each release.</summary>
public sealed class AdviceByReleaseTests
{
    private static readonly Lint AllReleases = new() { Main = "smtp_tls_security_level = may\nsmtp_tls_protocols = !SSLv2, !SSLv3\n", Postfix = "" };

    [Fact]
    public void A_repair_that_older_releases_spell_otherwise_is_one_finding()
    {
        Finding finding = Told(AllReleases);
        Assert.Equal("smtp_tls_protocols = >=TLSv1.2; up to Postfix 3.5: smtp_tls_protocols = !SSLv2, !SSLv3, !TLSv1, !TLSv1.1", finding.Fix);
        Assert.Empty(finding.Versions);
        Assert.Empty(finding.Edits);
    }

    [Fact]
    public void The_releases_of_both_are_told_where_others_do_not_have_it()
    {
        Finding finding = Told(AllReleases with { Main = "smtp_tls_security_level = may\n" });
        Assert.Equal(("3.4", "3.8"), (finding.Versions[0].ToString(), finding.Versions[^1].ToString()));
        Assert.Contains("up to Postfix 3.5: ", finding.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_findings_of_one_release_stay_two()
    {
        PostfixVersion[] release = [AllReleases.Range.Newest.Postfix];
        Finding one = new() { Rule = "RV-PRO-003", Severity = Severity.Notice, Message = "m", Fix = "a", Versions = release };
        Assert.Equal(2, AdviceByRelease.Join([one, one with { Fix = "b" }], AllReleases.Range).Count());
        Assert.Equal(2, AdviceByRelease.Join([one, one with { Fix = "b", Versions = [AllReleases.Range.Targets[0].Postfix], Effective = "e" }], AllReleases.Range).Count());
        Assert.Single(AdviceByRelease.Join([one, one with { Fix = "b", Versions = [AllReleases.Range.Targets[0].Postfix] }], AllReleases.Range));
    }

    private static Finding Told(Lint lint) => Assert.Single(
        LintRun.Check(lint.Configuration, lint.Range, lint.Options, new Dictionary<string, Severity>(), new HashSet<string>()).Findings,
        finding => finding.Rule == "RV-PRO-003");
}
