using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Linting;

public sealed class SuppressionTests
{
    private const string Level = "smtp_tls_security_level = may\n";
    private const string Empty = "smtp_tls_protocols = >=TLSv1.3, <=TLSv1.2\n";

    [Fact]
    public void A_comment_with_a_reason_takes_the_finding_of_the_next_definition_away()
    {
        LintReport report = Check(Level + "# rcptverify: disable=RV-PRO-006 reason=\"no TLS at all\"\n" + Empty);
        Assert.DoesNotContain(report.Findings, finding => finding.Rule == "RV-PRO-006");
        Assert.Equal("no TLS at all", Assert.Single(report.Suppressed).Reason);
        Assert.Empty(Ours(report));
    }

    [Fact]
    public void Of_several_rules_those_are_named_that_find_nothing()
    {
        LintReport report = Check(Level + "# rcptverify: disable=RV-PRO-006,RV-PRO-002 reason=\"no TLS at all\"\n" + Empty);
        Assert.Single(report.Suppressed);
        Finding unused = Assert.Single(report.Findings, finding => finding.Rule == LintRun.UnusedRule);
        Assert.Equal("a part of this suppression takes nothing away: RV-PRO-002 finds nothing here", unused.Message);
    }

    [Fact]
    public void It_holds_for_that_definition_only()
    {
        LintReport report = Check("# rcptverify: disable=RV-PRO-006 reason=\"x\"\n" + Level + Empty);
        Assert.Contains(report.Findings, finding => finding.Rule == "RV-PRO-006");
        Assert.Equal(["notice RV-SUP-002 main.cf:1"], Ours(report));
    }

    [Fact]
    public void Between_the_lines_of_a_definition_it_holds_for_the_next_line()
    {
        Assert.Contains(
            Check(Level + "smtp_tls_protocols =\n # rcptverify: disable=RV-PRO-006 reason=\"x\"\n  >=TLSv1.3,\n  <=TLSv1.2\n").Suppressed,
            item => item.Finding.Position!.Value.Line == 4);
        LintReport after = Check(Level + "smtp_tls_protocols =\n >=TLSv1.3,\n # rcptverify: disable=RV-PRO-006 reason=\"x\"\n  <=TLSv1.2\n");
        Assert.Empty(after.Suppressed);
        Assert.Equal(["notice RV-SUP-002 main.cf:4"], Ours(after));
    }

    [Fact]
    public void In_master_cf_it_holds_for_all_options_of_the_service()
    {
        LintReport report = Check(
            "smtp_tls_security_level = may\n",
            "# rcptverify: disable=pro-006 reason=\"x\"\nsmtp unix - - n - - smtp\n  -o smtp_tls_protocols=TLSv1.2,!TLSv1.2\n");
        Assert.Single(report.Suppressed);
        Assert.DoesNotContain(report.Findings, finding => finding.Rule == "RV-PRO-006");
    }

    [Fact]
    public void For_the_whole_configuration_there_is_disable_file() =>
        Assert.Single(Check(Level + Empty + "#rcptverify: disable-file=RV-PRO-006,RV-PRO-001 reason=\"x\"\n").Suppressed);

    [Theory]
    [InlineData("# rcptverify: disable=RV-NET-003", "# rcptverify: disable=RV-NET-003 reason=\"why\"")]
    [InlineData("# rcptverify: disable-file=NET-003,PRO-001", "# rcptverify: disable-file=RV-NET-003,RV-PRO-001 reason=\"why\"")]
    [InlineData("# rcptverify: ignore rv-net-003", "# rcptverify: disable=RV-NET-003 reason=\"why\"")]
    [InlineData("# rcptverify: be silent", "# rcptverify: disable=RV-PRO-003 reason=\"why\"")]
    public void What_is_proposed_names_the_rule_that_was_meant(string comment, string fix) =>
        Assert.Equal(fix, Assert.Single(Check(comment + "\n").Findings, finding => finding.Rule == "RV-SUP-001").Fix);

    [Theory]
    [InlineData("# rcptverify: disable=RV-PRO-006", "a reason is needed")]
    [InlineData("# rcptverify: disable=RV-PRO-006 reason=\"  \"", "a reason is needed")]
    [InlineData("# rcptverify: disable=RV-PRO-999 reason=\"x\"", "there is no rule RV-PRO-999")]
    [InlineData("# rcptverify: enable=RV-PRO-006", "the comment is not understood")]
    [InlineData("  # rcptverify: disable RV-PRO-006 because", "the comment is not understood")]
    public void A_comment_that_is_not_understood_takes_nothing_away_and_is_reported(string comment, string fault)
    {
        LintReport report = Check(Level + comment + "\n" + Empty);
        Assert.Contains(report.Findings, finding => finding.Rule == "RV-PRO-006");
        Finding malformed = Assert.Single(report.Findings, finding => finding.Rule == SuppressionReader.MalformedRule);
        Assert.Contains(fault, malformed.Message, StringComparison.Ordinal);
        Assert.Equal((Severity.Warning, 2), (malformed.Severity, malformed.Position!.Value.Line));
    }

    [Theory]
    [InlineData("# see rcptverify: disable=RV-PRO-006 in the manual\n")]
    [InlineData("mail_name = rcptverify: disable=RV-PRO-006\n")]
    public void Other_text_that_speaks_of_it_is_none(string text) => Assert.Empty(Ours(Check(Level + text + Empty)));

    [Fact]
    public void A_comment_at_the_end_holds_for_nothing() =>
        Assert.Equal(["notice RV-SUP-002 main.cf:3"], Ours(Check(Level + Empty + "# rcptverify: disable=RV-PRO-006 reason=\"x\"")));

    [Fact]
    public void The_comment_of_a_rule_that_is_switched_off_is_not_called_unused() =>
        Assert.Empty(Ours(Check(Level + "# rcptverify: disable=RV-PRO-006 reason=\"x\"\n" + Empty, severity: ("RV-PRO-006", Severity.None))));

    [Fact]
    public void A_severity_of_the_user_s_own_holds()
    {
        LintReport report = Check(Level + Empty, severity: ("RV-PRO-006", Severity.Notice));
        Assert.Equal(Severity.Notice, Assert.Single(report.Findings, finding => finding.Rule == "RV-PRO-006").Severity);
    }

    [Fact]
    public void What_the_baseline_holds_does_not_count_even_when_lines_move()
    {
        HashSet<string> baseline = [.. Check(Level + Empty).Findings.Select(Fingerprint.Of)];
        LintReport report = Check("# moved\n\n" + Level + Empty, baseline: baseline);
        Assert.Empty(report.Findings);
        Assert.Contains(report.Known, finding => finding.Rule == "RV-PRO-006");
        Assert.NotEmpty(Check(Level + "lmtp_tls_security_level = may\nlmtp_tls_protocols = !TLSv1.2, TLSv1.2\n", baseline: baseline).Findings);
    }

    private static LintReport Check(string main, string? master = null, (string Rule, Severity Severity)? severity = null, HashSet<string>? baseline = null)
    {
        Lint lint = new() { Main = main, Master = master };
        Dictionary<string, Severity> severities = severity is { } one ? new() { [one.Rule] = one.Severity } : [];
        return LintRun.Check(lint.Configuration, lint.Range, lint.Options, severities, baseline ?? []);
    }

    private static string[] Ours(LintReport report) =>
    [
        .. report.Findings.Where(finding => finding.Rule.StartsWith("RV-SUP-", StringComparison.Ordinal))
            .Select(finding => $"{Severities.Text(finding.Severity)} {finding.Rule} {finding.Position}"),
    ];
}
