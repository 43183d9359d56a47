using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig;

/// <summary>Each example on a rule's page is run: the rule must find the bad ones, as severe as the page says, and none of the good ones.</summary>
public sealed class RulePageExampleTests
{
    public static TheoryData<string> Ids => [.. RuleSet.All.Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_rule_does_what_its_page_says(string id)
    {
        PostfixRule rule = RuleSet.All.Single(rule => rule.Id == id);
        Assert.True(RuleCatalogue.TryRead(id, out RulePage? page));
        Assert.Contains(page.Examples, example => example.IsBad);
        Assert.Contains(page.Examples, example => !example.IsBad);
        for (int number = 0; number < page.Examples.Count; number++)
        {
            PageExample example = page.Examples[number];
            Lint lint = Of(example);
            string[] found = [.. Linter.Run([rule], lint.Configuration, lint.Range, lint.Options).Select(Lint.Brief)];
            string which = $"{id}, {(example.IsBad ? "bad" : "good")} example {number + 1}: {string.Join("; ", found)}";
            if (!example.IsBad)
                Assert.True(found.Length == 0, which);
            else if (example.Settings.TryGetValue("severity", out string? severity))
                Assert.True(found.Any(line => line.StartsWith(severity + " ", StringComparison.Ordinal)), which);
            else
                Assert.True(found.Length > 0, which);
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_rule_s_class_and_page_bear_the_same_name(string id)
    {
        Assert.True(RuleCatalogue.TryGetName(id, out string? name));
        Assert.Equal(RuleSet.All.Single(rule => rule.Id == id).GetType().Name, name);
    }

    private static Lint Of(PageExample example)
    {
        string Setting(string name, string fallback) => example.Settings.GetValueOrDefault(name, fallback);
        FakeFiles? files = example.Settings.ContainsKey("present") || example.Settings.ContainsKey("absent") ? new FakeFiles() : null;
        foreach (string path in Setting("present", "").Split(',', StringSplitOptions.RemoveEmptyEntries))
            files!.With(path);
        return new Lint
        {
            Main = example.Files.GetValueOrDefault("main.cf", ""),
            Master = example.Files.GetValueOrDefault("master.cf"),
            Tlsa = example.Files.GetValueOrDefault("tlsa"),
            Postfix = Setting("postfix", ""),
            OpenSsl = Setting("openssl", "3.0"),
            Platform = example.Settings.GetValueOrDefault("platform"),
            Role = example.Settings.GetValueOrDefault("role"),
            Profile = Setting("profile", RcptVerify.PostfixConfig.Rules.Profiles.Profile.DefaultId),
            Files = files,
        };
    }
}
