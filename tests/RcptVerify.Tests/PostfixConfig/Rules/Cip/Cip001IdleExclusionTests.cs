using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Cip;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Cip;

public sealed class Cip001IdleExclusionTests
{
    [Fact]
    public void Words_that_remove_nothing_are_one_finding_and_go_without_the_others()
    {
        Lint lint = new() { Main = Mail.Mx + "smtpd_tls_exclude_ciphers = EXPORT, aNULL, LOW, RC4-SHA\n" };
        Finding finding = lint.Single<Cip001IdleExclusion>();
        Assert.Equal("notice smtpd_tls_exclude_ciphers@main.cf:3 [smtp/inet]", Lint.Brief(finding));
        Assert.StartsWith("\"EXPORT\", \"LOW\", \"RC4-SHA\" remove nothing", finding.Message, StringComparison.Ordinal);
        Assert.Equal("smtpd_tls_exclude_ciphers = aNULL", finding.Fix);
        Assert.Equal(Mail.Mx + "smtpd_tls_exclude_ciphers = aNULL\n", lint.Fixed<Cip001IdleExclusion>().Main);
    }

    [Theory]
    [InlineData("EXPORT")]
    [InlineData("MD5")]
    [InlineData("eNULL")]
    [InlineData("3DES")]
    [InlineData("DES-CBC3-SHA")]
    [InlineData("ECDHE-RSA-RC4-SHA")]
    [InlineData("TLS_AES_128_GCM_SHA256")]
    [InlineData("kECDHr")]
    [InlineData("KRB5")]
    [InlineData("aDSS")]
    [InlineData("DES+MD5")]
    public void A_name_without_suites_is_found(string word)
    {
        Lint lint = new() { Main = Mail.Mx + $"smtpd_tls_exclude_ciphers = {word}\n" };
        Assert.Equal(["notice smtpd_tls_exclude_ciphers@main.cf:3 [smtp/inet]"], lint.Brief<Cip001IdleExclusion>());
        Assert.Equal(Mail.Mx, lint.Fixed<Cip001IdleExclusion>().Main);
    }

    [Theory]
    [InlineData("aNULL")]
    [InlineData("ADH, AECDH")]
    [InlineData("kRSA")]
    [InlineData("CAMELLIA:ARIA:AESCCM")]
    [InlineData("SHA1 kEDH ECDSA CHACHA20 TLSv1.2")]
    [InlineData("PSK, SRP")]
    [InlineData("RSA+AES")]
    [InlineData("AES128-SHA")]
    [InlineData("PSD")]
    [InlineData("!RC4, RC4")]
    public void A_name_that_removes_something_is_not_and_what_other_rules_say_neither(string words) =>
        new Lint { Main = Mail.Mx + $"smtpd_tls_exclude_ciphers = {words}\n" }.IsSilent<Cip001IdleExclusion>();

    [Fact]
    public void DSS_is_idle_since_the_lists_exclude_it_themselves()
    {
        Lint lint = new() { Main = Mail.Mx + "smtpd_tls_exclude_ciphers = aDSS\n", Postfix = "3.7" };
        lint.IsSilent<Cip001IdleExclusion>();
        Finding finding = (lint with { Postfix = "" }).Single<Cip001IdleExclusion>();
        Assert.Equal("3.8", finding.Versions[0].ToString());
        Assert.Empty(finding.Edits);
    }

    [Fact]
    public void A_word_that_works_in_one_of_two_lists_stays()
    {
        const string Lists = "tls_high_cipherlist = ECDHE+AESGCM\nsmtpd_tls_exclude_ciphers = kRSA\n";
        string master = Mail.Smtp + Mail.Submission.TrimEnd() + " -o smtpd_tls_mandatory_ciphers=high\n";
        new Lint { Main = Mail.Mx + Lists, Master = master }.IsSilent<Cip001IdleExclusion>();
        Assert.Equal(
            ["notice smtpd_tls_exclude_ciphers@main.cf:4 [submission/inet]"],
            new Lint { Main = Mail.Mx + Lists, Master = Mail.Submission.TrimEnd() + " -o smtpd_tls_mandatory_ciphers=high\n" }.Brief<Cip001IdleExclusion>());
    }

    [Fact]
    public void A_list_that_nobody_reads_and_a_library_that_is_not_known_say_nothing()
    {
        new Lint { Main = Mail.Mx + "smtpd_tls_mandatory_exclude_ciphers = RC4\n" }.IsSilent<Cip001IdleExclusion>();
        new Lint { Main = Mail.Mx + "smtpd_tls_exclude_ciphers = RC4\n", OpenSsl = "1.0.2", Postfix = "3.1" }.IsSilent<Cip001IdleExclusion>();
    }

    [Fact]
    public void An_option_that_hides_main_cf_is_emptied_and_an_earlier_definition_or_a_reference_prevents_the_edit()
    {
        Lint lint = new()
        {
            Main = Mail.Mx + "smtpd_tls_exclude_ciphers = aNULL\n",
            Master = "587 inet n - n - - smtpd\n  -o smtpd_tls_exclude_ciphers=RC4\n",
        };
        Assert.Equal("587 inet n - n - - smtpd\n  -o smtpd_tls_exclude_ciphers=\n", lint.Fixed<Cip001IdleExclusion>().Master);
        foreach (string more in (string[])["smtpd_tls_exclude_ciphers = aNULL\nsmtpd_tls_exclude_ciphers = RC4\n", "smtpd_tls_exclude_ciphers = RC4\nx = ${smtpd_tls_exclude_ciphers}\n"])
            Assert.Empty(new Lint { Main = Mail.Mx + more }.Single<Cip001IdleExclusion>().Edits);
    }

    [Fact]
    public void Postscreen_and_the_server_behind_it_read_one_line()
    {
        const string Master = "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\ntlsproxy unix - - n - 0 tlsproxy\n";
        Assert.Equal(
            ["notice smtpd_tls_exclude_ciphers@main.cf:3 [smtp/inet, smtpd/pass]"],
            new Lint { Main = Mail.Mx + "smtpd_tls_exclude_ciphers = RC4\n", Master = Master }.Brief<Cip001IdleExclusion>());
    }
}
