using RcptVerify.Cli;
using RcptVerify.PostfixConfig.Rules;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig;

public sealed class RuleCatalogueTests
{
    [Fact]
    public void Every_page_can_be_read_and_bears_its_own_id()
    {
        RulePage[] pages = [.. RuleCatalogue.ReadAll()];
        Assert.NotEmpty(pages);
        Assert.Equal(RuleCatalogue.Ids, pages.Select(page => page.Id));
        Assert.Equal(pages.Length, pages.Select(page => page.Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("RV-PRO-001")]
    [InlineData("pro-001")]
    [InlineData(" rv-pro-001 ")]
    public void A_rule_is_found_in_any_spelling(string id)
    {
        Assert.True(RuleCatalogue.TryRead(id, out RulePage? page));
        Assert.Equal("RV-PRO-001", page.Id);
    }

    [Fact]
    public void An_unknown_rule_brings_the_nearest_one()
    {
        Assert.False(RuleCatalogue.TryRead("PRO-01", out _));
        Assert.Equal("no rule PRO-01, did you mean \"RV-PRO-001\"? 'rcptverify rules' lists them all.", ExplainCommand.Unknown("PRO-01"));
        Assert.Equal("no rule ../../etc. 'rcptverify rules' lists them all.", ExplainCommand.Unknown("../../etc"));
    }

    [Fact]
    public void The_seed_s_forty_items_are_each_there_once() => Assert.Equal(Enumerable.Range(1, 40), SeedTable.Read().Select(item => item.Number));
}
