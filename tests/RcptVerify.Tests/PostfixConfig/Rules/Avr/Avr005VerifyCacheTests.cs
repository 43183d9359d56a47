using RcptVerify.PostfixConfig.Rules.Avr;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Avr;

public sealed class Avr005VerifyCacheTests
{
    [Theory]
    [InlineData("hash:/var/lib/postfix/verify", "warning")]
    [InlineData("hash:\\${data_directory}/verify", "warning warning")]
    [InlineData("hash:/etc/postfix/verify", "warning warning")]
    [InlineData("btree:/etc/postfix/verify", "warning")]
    [InlineData("btree:/var/lib/postfixed/verify", "warning")]
    [InlineData("cdb:$data_directory/verify", "error")]
    [InlineData("", "notice")]
    [InlineData("btree:$data_directory/verify", "")]
    [InlineData("lmdb:${data_directory}/verify", "")]
    [InlineData("proxy:btree:/srv/verify", "")]
    [InlineData("memcache:/etc/postfix/verify.cf", "")]
    [InlineData("garbage", "")]
    public void A_cache_must_be_writable_and_of_a_type_for_caches(string map, string severities) => Assert.Equal(
        severities,
        string.Join(' ', new Lint { Main = $"address_verify_map = {map}\n" }.Check<Avr005VerifyCache>().Select(finding => finding.Severity.ToString().ToLowerInvariant())));

    [Fact]
    public void Proxymap_writes_only_what_it_is_allowed_to() => Assert.Equal(
        ["error address_verify_map@main.cf:1 []"],
        new Lint { Main = "address_verify_map = proxy:btree:/srv/verify\nproxy_write_maps = btree:/srv/verify\n" }.Brief<Avr005VerifyCache>());

    [Fact]
    public void Proxymap_did_not_know_the_cache_before_2_9() => Assert.Equal(
        ["error address_verify_map@main.cf:1 []"],
        new Lint { Main = "address_verify_map = proxy:btree:/srv/verify\n", Postfix = "2.8" }.Brief<Avr005VerifyCache>());

    [Theory]
    [InlineData("3.11", "")]
    [InlineData("2.6", "notice address_verify_map@- []")]
    public void A_default_without_a_table_is_found_where_addresses_are_verified(string postfix, string findings)
    {
        Assert.Equal(findings, string.Join(' ', new Lint { Main = "smtpd_recipient_restrictions = reject_unverified_recipient\n", Postfix = postfix }.Brief<Avr005VerifyCache>()));
        new Lint { Postfix = postfix }.IsSilent<Avr005VerifyCache>();
    }

    [Fact]
    public void An_option_counts_for_the_verify_service_only() => Assert.Equal(
        ["warning address_verify_map@master.cf:3 []"],
        new Lint
        {
            Master = "smtp inet n - n - - smtpd\n  -o address_verify_map=hash:/x\nverify unix - - n - 1 verify -o address_verify_map=hash:/var/lib/postfix/x\n",
        }.Brief<Avr005VerifyCache>());

    [Fact]
    public void A_table_in_memory_is_no_better_than_none() => Assert.Equal(
        ("notice address_verify_map@main.cf:1 []", "in memory"),
        (Lint.Brief(new Lint { Main = "address_verify_map = internal:verify\n" }.Single<Avr005VerifyCache>()), new Lint { Main = "address_verify_map = internal:verify\n" }.Single<Avr005VerifyCache>().Effective));
}
