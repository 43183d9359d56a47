using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Dep;
using RcptVerify.PostfixConfig.Versions;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Dep;

public sealed class Dep001DeprecatedTests
{
    [Theory]
    [InlineData("smtpd_use_tls = yes", "3.8", 0)]
    [InlineData("smtpd_use_tls = yes", "3.9", 1)]
    [InlineData("virtual_maps = hash:/v", "3.10", 0)]
    [InlineData("virtual_maps = hash:/v", "3.11", 1)]
    [InlineData("virtual_alias_maps = hash:/v", "3.12", 0)]
    [InlineData("smtpd_relay_restrictions = permit_mx_backup, reject", "3.8", 0)]
    [InlineData("smtpd_relay_restrictions = permit_mx_backup, reject", "3.9", 1)]
    [InlineData("smtpd_relay_restrictions = check_client_access permit_mx_backup, reject", "3.9", 0)]
    public void Postfix_warns_from_a_release_on(string main, string postfix, int findings) =>
        Assert.Equal(findings, new Lint { Main = main + "\n", Postfix = postfix }.Check<Dep001Deprecated>().Count);

    [Fact]
    public void The_words_are_those_that_postfix_logs()
    {
        Assert.Equal(
            "support for parameter \"smtpd_use_tls\" will be removed; instead, specify \"smtpd_tls_security_level\"",
            new Lint { Main = "smtpd_use_tls = yes\n" }.Single<Dep001Deprecated>().Message);
        Assert.Equal(
            "support for parameter \"smtpd_tls_eecdh_grade\" will be removed; instead, do not specify it",
            new Lint { Main = "smtpd_tls_eecdh_grade = strong\n" }.Single<Dep001Deprecated>().Message);
    }

    [Fact]
    public void An_option_and_an_overridden_line_are_found_too() => Assert.Equal(
        [
            "warning smtp_use_tls@main.cf:1 []", "warning smtp_use_tls@main.cf:2 []", "warning smtp_use_tls@master.cf:2 [relay/unix]",
        ],
        new Lint { Main = "smtp_use_tls = no\nsmtp_use_tls = yes\n", Master = "relay unix - - n - - smtp\n  -o smtp_use_tls=yes\n" }.Brief<Dep001Deprecated>());

    [Fact]
    public void The_fix_renames_and_nothing_is_found_any_more()
    {
        string main = "# note\npostscreen_blacklist_action = drop  \n";
        Finding finding = new Lint { Main = main }.Single<Dep001Deprecated>();
        string mended = Applied.To(main, finding.Edits);
        Assert.Equal("# note\npostscreen_denylist_action = drop  \n", mended);
        new Lint { Main = mended }.IsSilent<Dep001Deprecated>();
        string master = "smtp inet n - n - 1 postscreen\n  -o postscreen_blacklist_action=drop\n";
        Assert.Equal(
            "smtp inet n - n - 1 postscreen\n  -o postscreen_denylist_action=drop\n",
            Applied.To(master, new Lint { Master = master }.Single<Dep001Deprecated>().Edits));
    }

    [Theory]
    [InlineData("postscreen_blacklist_action = drop\npostscreen_denylist_action = enforce\n")]
    [InlineData("postscreen_blacklist_action = drop\nx = ${postscreen_blacklist_action}\n")]
    [InlineData("smtpd_use_tls = yes\n")]
    [InlineData("postscreen_dnsbl_ttl = 2h\n")]
    public void There_is_no_fix_where_it_would_have_to_be_thought_about(string main) =>
        Assert.Empty(new Lint { Main = main }.Single<Dep001Deprecated>().Edits);

    [Fact]
    public void The_table_is_that_of_postconf()
    {
        Assert.Equal(18, Deprecation.All.Count(row => row.Since == new PostfixVersion(3, 9, 0)));
        Assert.Equal(17, Deprecation.All.Count(row => row.Since == new PostfixVersion(3, 11, 0)));
        Target target = Target.Of(PostfixVersion.Latest);
        Assert.All(Deprecation.All, row => Assert.True(row.Replacement.Length == 0 || PostfixDefaults.Exists(row.Replacement, target.Postfix), row.Name));
        // A rename is right because the old name is what the new one takes by default.
        Assert.All(
            Deprecation.All.Where(row => row.IsRename),
            row => Assert.Contains($"${row.Name}", PostfixDefaults.Of(row.Replacement, target)!.Replace("{", "", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Fact]
    public void Lists_of_groups_are_on_postconf_s_list_and_compiled_out() => new Lint
    {
        Main = "tls_ffdhe_auto_groups = ffdhe2048\ntls_eecdh_auto_curves = X25519\n",
        Postfix = "3.12",
        OpenSsl = "3.5",
    }.IsSilent<Dep001Deprecated>();
}
