using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Linting;

/// <summary>A user wants one finding for one cause.</summary>
public sealed class OneCauseTests
{
    private const string Server = "smtpd_tls_security_level = may\nsmtpd_tls_chain_files = /etc/postfix/chain.pem\n";

    [Theory]
    [InlineData("smtpd_tls_security_level = required\n", "RV-OPP-004")]
    [InlineData("smtpd_tls_security_level = dane\n", "RV-OPP-004")]
    [InlineData("smtp_tls_security_level = required\n", "RV-SYN-003")]
    [InlineData("smtp_use_tls = yes\n", "RV-OPP-003")]
    [InlineData("smtp_enforce_tls = yes\n", "RV-OPP-003")]
    [InlineData("smtp_tls_per_site = hash:/etc/postfix/sites\n", "RV-OPP-003")]
    [InlineData("postscreen_use_tls = yes\n", "RV-DEP-001")]
    [InlineData(Server + "smtpd_tls_dh1024_param_file = /etc/postfix/dh1024.pem\n", "RV-KEX-001")]
    [InlineData(Server + "smtpd_tls_dh1024_param_file = /etc/postfix/dh2048.pem\n", "RV-KEX-002")]
    [InlineData(Server + "smtpd_tls_dh1024_param_file = auto\n", "RV-DEP-001")]
    [InlineData(Server + "smtpd_tls_eecdh_grade = strong\n", "RV-KEX-003")]
    [InlineData("smtpd_tls_eecdh_grade = strong\n", "RV-DEP-001")]
    public void The_rule_that_knows_the_effect_tells_it_alone(string main, string rule)
    {
        string[] found = Rules(main);
        Assert.Contains(rule, found);
        Assert.Single(found, id => id is "RV-SYN-003" or "RV-DEP-001" or "RV-OPP-003" or "RV-OPP-004" or "RV-KEX-001" or "RV-KEX-002" or "RV-KEX-003");
    }

    [Theory]
    [InlineData("smtpd_tls_security_level = may # on\n", "RV-SYN-002")]
    [InlineData("smtp_tls_security_level = may # on\n", "RV-SYN-002")]
    [InlineData("smtp_tls_security_level = none\nsmtp_tls_security_level = may # on\n", "RV-SYN-002")]
    [InlineData(Server + "smtpd_tls_exclude_ciphers = PSD # not so good\n", "RV-CIP-002 RV-SYN-002")]
    public void A_remark_is_told_and_not_what_it_makes_of_the_value(string main, string rules) => Assert.Equal(
        rules,
        string.Join(' ', Rules(main).Where(id => id is "RV-SYN-002" or "RV-SYN-003" or "RV-OPP-004" or "RV-CIP-002").Order(StringComparer.Ordinal)));

    /// <summary>A report does not say of one line to delete it and to change it.</summary>
    [Theory]
    [InlineData("smtp_tls_security_level = may\nsmtp_tls_protocols = !SSLv2, !SSLv3\n", "smtp_tls_protocols", "RV-PRO-003")]
    [InlineData("smtpd_forbid_unauth_pipelining = no\n", "smtpd_forbid_unauth_pipelining", "RV-NET-002")]
    [InlineData("smtpd_forbid_bare_newline = no\n", "smtpd_forbid_bare_newline", "RV-NET-001")]
    [InlineData("smtpd_tls_auth_only = no\n", "smtpd_tls_auth_only", "RV-DEP-003")]
    public void A_line_that_ought_to_be_another_is_not_advised_to_be_deleted(string main, string parameter, string rule) => Assert.Equal(
        [rule],
        Check(new Lint { Main = main, Postfix = "3.5" }).Findings.Where(finding => finding.Parameter == parameter && finding.Position is not null)
            .Select(finding => finding.Rule));

    [Fact]
    public void Mandatory_TLS_below_TLS_1_2_is_told_once()
    {
        const string Master = "25 inet n - n - - smtpd\n587 inet n - n - - smtpd\n -o smtpd_tls_security_level=encrypt\n";
        Lint lint = new() { Main = Server + "smtpd_tls_protocols = >=TLSv1.2\nsmtpd_tls_mandatory_protocols = >=TLSv1\n", Master = Master };
        string[] found = [.. Check(lint).Findings.Select(finding => finding.Rule)];
        Assert.Contains("RV-PRO-003", found);
        Assert.DoesNotContain("RV-PRO-007", found);
        Assert.Contains("RV-PRO-007", Check(lint, new Dictionary<string, Severity> { ["RV-PRO-003"] = Severity.None }).Findings.Select(finding => finding.Rule));
    }

    [Fact]
    public void One_place_does_not_silence_another()
    {
        string[] found = Rules("smtp_use_tls = no\nsmtp_use_tls = yes\n");
        Assert.Contains("RV-OPP-003", found);
        Assert.Contains("RV-DEP-001", found);
    }

    [Fact]
    public void What_holds_for_some_releases_does_not_silence_what_holds_for_others()
    {
        Lint lint = new() { Main = Server + "smtpd_tls_eecdh_grade = strong\n", Postfix = "" };
        Assert.Equal(
            ["RV-KEX-003 notice: 3.4 to 3.5", "RV-KEX-003 notice: 3.6 to 3.8", "RV-KEX-003 warning: 3.9 to 3.12"],
            Check(lint).Findings.Where(finding => finding.Parameter == "smtpd_tls_eecdh_grade")
                .Select(finding => $"{finding.Rule} {Severities.Text(finding.Severity)}: {finding.Versions[0]} to {finding.Versions[^1]}").Order(StringComparer.Ordinal));
        Finding early = new() { Rule = "RV-KEX-002", Severity = Severity.Notice, Message = "m", Versions = [lint.Range.Targets[0].Postfix] };
        Finding late = new() { Rule = "RV-DEP-001", Severity = Severity.Warning, Message = "m", Versions = [lint.Range.Newest.Postfix] };
        var position = new RcptVerify.PostfixConfig.Syntax.SourcePosition(lint.Configuration.Files[0], 1, 1);
        Assert.Equal(2, OneCause.Of([early with { Position = position }, late with { Position = position }], _ => false).Count);
    }

    [Fact]
    public void A_rule_that_is_switched_off_speaks_for_no_other() => Assert.Contains(
        "RV-DEP-001", Rules("smtp_use_tls = yes\n", new Dictionary<string, Severity> { ["RV-OPP-003"] = Severity.None }));

    [Fact]
    public void A_suppressed_finding_does_not_come_back_by_another_name()
    {
        LintReport report = Check(new Lint { Main = "# rcptverify: disable=RV-OPP-003 reason=\"old host\"\nsmtp_use_tls = yes\n" });
        Assert.Equal("RV-OPP-003", Assert.Single(report.Suppressed).Finding.Rule);
        Assert.DoesNotContain(report.Findings, finding => finding.Parameter == "smtp_use_tls");
    }

    private static string[] Rules(string main, Dictionary<string, Severity>? severities = null) =>
        [.. Check(new Lint { Main = main }, severities).Findings.Where(finding => finding.Position is not null).Select(finding => finding.Rule)];

    private static LintReport Check(Lint lint, Dictionary<string, Severity>? severities = null) =>
        LintRun.Check(lint.Configuration, lint.Range, lint.Options, severities ?? [], new HashSet<string>());

    [Theory]
    [InlineData("smtp_address_verify_target = rctp\n", "RV-AVR-004")]
    [InlineData("smtp_address_verify_target =\n", "RV-AVR-004")]
    [InlineData("smtp_address_preference =\n", "RV-SYN-003")]
    public void A_target_of_probes_that_is_none_is_told_once(string main, string rule)
    {
        Lint lint = new() { Main = main };
        LintReport report = LintRun.Check(lint.Configuration, lint.Range, lint.Options, new Dictionary<string, Severity>(), new HashSet<string>());
        Assert.Equal([rule], report.Findings.Where(finding => finding.Position is not null && finding.Severity == Severity.Error).Select(finding => finding.Rule));
    }
}
