using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Dane;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Dane;

public sealed class Dane002PrerequisitesTests
{
    private const string Dane = "smtp_tls_security_level = dane\nsmtp_dns_support_level = dnssec\n";

    [Theory]
    [InlineData("smtp_host_lookup = native")]
    [InlineData("ignore_mx_lookup_error = yes")]
    [InlineData("smtp_dns_resolver_options = res_dnsrch")]
    [InlineData("smtp_dns_resolver_options = res_usevc, RES_DEFNAMES")]
    public void A_setting_takes_DANE_away(string line)
    {
        Finding finding = new Lint { Main = Dane + line + "\n" }.Single<Dane002Prerequisites>();
        Assert.Equal($"error {line.Split(' ')[0]}@main.cf:3 [smtp/unix, relay/unix]", Lint.Brief(finding));
        Assert.Equal("level may, nobody is authenticated", finding.Effective);
    }

    [Theory]
    [InlineData("smtp_host_lookup = native, dns")]
    [InlineData("ignore_mx_lookup_error = no")]
    [InlineData("smtp_dns_resolver_options = res_usevc")]
    [InlineData("lmtp_host_lookup = native")]
    [InlineData("smtp_tls_security_level = may\nignore_mx_lookup_error = yes\nsmtp_host_lookup = native")]
    public void Other_settings_and_levels_do_not(string line) => new Lint { Main = Dane + line + "\n" }.IsSilent<Dane002Prerequisites>();

    [Theory]
    [InlineData("y", "2", 1)]
    [InlineData("-", "0", 1)]
    [InlineData("-", "2", 0)]
    [InlineData("-", "3.6", 0)]
    [InlineData("n", "0", 0)]
    public void A_jail_without_a_resolver_s_file_is_found_where_files_can_be_seen(string chroot, string level, int count)
    {
        Lint lint = new()
        {
            Main = Dane + $"compatibility_level = {level}\n",
            Master = $"smtp unix - - {chroot} - - smtp\n",
            Files = new FakeFiles(),
        };
        Assert.Equal(Enumerable.Repeat("error @master.cf:1 [smtp/unix]", count), lint.Brief<Dane002Prerequisites>());
        (lint with { Files = new FakeFiles().With("/var/spool/postfix/etc/resolv.conf") }).IsSilent<Dane002Prerequisites>();
        (lint with { Files = null }).IsSilent<Dane002Prerequisites>();
    }
}
