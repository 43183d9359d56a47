using RcptVerify.Cli;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.Tests.Configuration;
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
        Assert.Equal("no rule \"\". 'rcptverify rules' lists them all.", ExplainCommand.Unknown(""));
        Assert.Equal("pro is a group of rules, RV-PRO-001 to RV-PRO-009; 'rcptverify rules' lists them all.", ExplainCommand.Unknown("pro"));
        Assert.Equal("no rule ../../etc. 'rcptverify rules' lists them all.", ExplainCommand.Unknown("../../etc"));
    }

    [Fact]
    public void There_are_sixty_two_rules_and_their_ids_stay_what_they_are()
    {
        Assert.Equal(62, RuleCatalogue.Ids.Count);
        Assert.Equal(["RV-SUP-001", "RV-SUP-002"], RuleCatalogue.ReadRemarks().Select(page => page.Id));
        ApprovedText.Matches("tests/RcptVerify.Tests/Approved/rule-ids.txt", string.Concat(RuleCatalogue.Ids.Select(id => id + "\n")));
    }

    [Fact]
    public void A_rule_that_the_seed_s_table_names_has_a_page_that_names_the_item_back()
    {
        Dictionary<string, RulePage> pages = RuleCatalogue.ReadAll().ToDictionary(page => page.Id, StringComparer.Ordinal);
        string[] there = [.. SeedTable.Read().SelectMany(item => item.Rules.Select(rule => $"{rule} {item.Number}"))];
        string[] back = [.. pages.Values.SelectMany(page => page.Seed.Select(item => $"{page.Id} {item.Number}"))];
        Assert.Empty(there.Except(back));
        Assert.All(SeedTable.Read().SelectMany(item => item.Rules), rule => Assert.Contains(rule, pages.Keys));
    }

    [Fact]
    public void A_page_s_verdict_on_an_item_is_the_table_s()
    {
        Dictionary<int, SeedVerdict> verdicts = SeedTable.Read().ToDictionary(item => item.Number, item => item.Verdict);
        Assert.All(RuleCatalogue.ReadAll().SelectMany(page => page.Seed), item => Assert.Equal(verdicts[item.Number], item.Verdict));
    }

    [Fact]
    public void The_seed_s_forty_items_are_each_there_once() => Assert.Equal(Enumerable.Range(1, 40), SeedTable.Read().Select(item => item.Number));
}
