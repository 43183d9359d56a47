using RcptVerify.PostfixConfig.Rules.Dep;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Dep;

public sealed class Dep004BerkeleyDbTests
{
    [Theory]
    [InlineData("rhel10", "virtual_alias_maps = hash:/v", "error virtual_alias_maps@main.cf:1 []")]
    [InlineData("alpine", "virtual_alias_maps = lmdb:/v, proxy:btree:/w", "error virtual_alias_maps@main.cf:1 []")]
    [InlineData("alpine", "default_database_type = hash", "error default_database_type@main.cf:1 []")]
    [InlineData("rhel10", "virtual_alias_maps = lmdb:/v, pcre:/w\nsmtpd_banner = hash: nothing", null)]
    [InlineData("rhel10", "virtual_alias_maps = lmdb:/v, pcre:/hash:x", null)]
    [InlineData("rhel10", "", null)]
    [InlineData("rhel9", "virtual_alias_maps = hash:/v", null)]
    [InlineData(null, "virtual_alias_maps = hash:/v", null)]
    [InlineData(null, "virtual_alias_maps = hash:/v\ndefault_database_type = hash", null)]
    [InlineData(null, "virtual_alias_maps = hash:/v\ndefault_database_type = cdb", "warning virtual_alias_maps@main.cf:1 []")]
    [InlineData(null, "virtual_alias_maps = hash:/v\nnon_bdb_migration_level = enable-reindex", "warning virtual_alias_maps@main.cf:1 []")]
    [InlineData("rhel10", "virtual_alias_maps = hash:/v\nnon_bdb_migration_level = enable-redirect", "warning virtual_alias_maps@main.cf:1 []")]
    [InlineData("rhel10", "virtual_alias_maps = hash:/v\nnon_bdb_migration_level = disable", "error virtual_alias_maps@main.cf:1 []")]
    public void The_platform_or_the_configuration_must_say_that_it_is_gone(string? platform, string main, string? finding) =>
        Assert.Equal(finding is null ? [] : [finding], new Lint { Main = main + "\n", Platform = platform }.Brief<Dep004BerkeleyDb>());

    [Fact]
    public void Before_3_11_there_is_no_migration_aid() => Assert.Equal(
        ["error virtual_alias_maps@main.cf:1 []"],
        new Lint { Main = "virtual_alias_maps = hash:/v\nnon_bdb_migration_level = enable-redirect\n", Platform = "rhel10", Postfix = "3.10" }.Brief<Dep004BerkeleyDb>());

    [Fact]
    public void A_table_is_found_where_it_is_written_in_lists_and_options_and_once()
    {
        var findings = new Lint
        {
            Main = "tables = hash:/t\ntransport_maps = $tables\nsmtpd_sender_restrictions = permit_mynetworks, check_sender_access hash:/s\nrelay_domains = hash:/old\nrelay_domains =\n",
            Master = "smtp inet n - n - - smtpd\n  -o smtpd_client_restrictions=check_client_access,btree:/c\n",
            Platform = "alpine",
        }.Check<Dep004BerkeleyDb>();
        Assert.Equal(
            ["main.cf:1 hash:/t", "main.cf:3 hash:/s", "master.cf:2 btree:/c"],
            findings.Select(finding => $"{finding.Position} {finding.Effective}"));
        Assert.Equal((68, 7), (findings[1].Position!.Value.Column, findings[1].Length));
    }

    [Theory]
    [InlineData("alias_maps", "lmdb:/t, then: postalias lmdb:/t")]
    [InlineData("transport_maps", "lmdb:/t, then: postmap lmdb:/t")]
    public void Aliases_have_a_program_of_their_own(string name, string fix) =>
        Assert.Equal(fix, new Lint { Main = $"{name} = hash:/t\n", Platform = "alpine" }.Single<Dep004BerkeleyDb>().Fix);
}
