using RcptVerify.PostfixConfig.Tables;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Tables;

public sealed class TableReferencesTests
{
    [Theory]
    [InlineData("hash:/etc/postfix/a, proxy:pcre:/b example.com", "hash:/etc/postfix/a@0+19 proxy pcre:/b@21+13")]
    [InlineData("unionmap:{lmdb:/a, btree:/b}", "lmdb:/a@10+7 btree:/b@19+8")]
    [InlineData("{ cdb:/a, DUNNO } !hash:/c", "cdb:/a@2+6 hash:/c@18+8")]
    [InlineData("proxy:unionmap:{hash:/a}", "")]
    [InlineData("inline:{a=hash:/b} static:{x} 10.0.0.0/8 [::1]/128", "")]
    [InlineData("unionmap:{hash:/a", "hash:/a@10+7")]
    [InlineData("btree:${data_directory}/cache, x", "btree:${data_directory}/cache@0+29")]
    [InlineData("hash: :x", "")]
    [InlineData("{", "")]
    [InlineData("", "")]
    public void Tables_are_found_with_their_places(string text, string expected) => Assert.Equal(
        expected,
        string.Join(' ', TableReferences.In(text).Select(table => $"{(table.IsProxied ? "proxy " : "")}{table.Text}@{table.Offset}+{table.Length}")));

    [Theory]
    [InlineData("hash:/a", "/a.db")]
    [InlineData("lmdb:/a", "/a.lmdb")]
    [InlineData("cdb:/a", "/a.cdb")]
    [InlineData("pcre:/a", "/a")]
    [InlineData("mysql:/a.cf", "/a.cf")]
    [InlineData("ldap:accounts", null)]
    [InlineData("socketmap:/a", null)]
    public void The_file_is_the_one_that_postfix_opens(string text, string? file) => Assert.Equal(file, Assert.Single(TableReferences.In(text)).File);
}
