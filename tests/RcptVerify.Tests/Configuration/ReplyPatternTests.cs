using RcptVerify.Configuration;
using RcptVerify.Hosting;
using RcptVerify.Probing;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Tests.Configuration.Configured;

namespace RcptVerify.Tests.Configuration;

/// <summary>A route's own words for refusals.</summary>
public sealed class ReplyPatternTests
{
    private static readonly Route Gateway = RouteTableFactory.Create(Assert.Single(Options(Parse("""
        [[route]]
        domains = ["a.example"]
        servers = ["s"]
        user_unknown_replies = ["554 5.7.1 No mailbox here", "gone fishing"]
        mailbox_exists_replies = ["5.7.1 members only"]
        not_about_user_replies = ["550 5.1.1 reputation"]
        """)).Routes));

    [Theory]
    [InlineData("550 5.7.1 no mailbox here", 550, "5.7.1", "no mailbox here")]
    [InlineData("5.7.1 no mailbox here", 0, "5.7.1", "no mailbox here")]
    [InlineData("550 no mailbox", 550, "", "no mailbox")]
    [InlineData("no mailbox: 550 of them", 0, "", "no mailbox: 550 of them")]
    [InlineData("5.7.", 0, "5.7.", "")]
    [InlineData("599 5.999.999", 599, "5.999.999", "")]
    [InlineData("n\u00e4o existe", 0, "", "n\u00e4o existe")]
    public void A_pattern_is_a_code_an_enhanced_code_and_words(string text, int code, string enhanced, string words)
    {
        Assert.True(ReplyPattern.TryParse(text, out ReplyPattern pattern));
        Assert.Equal(new ReplyPattern(code, enhanced, words), pattern);
        Assert.Equal(text, pattern.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("550")]
    [InlineData("550 ")]
    [InlineData("550 no")]
    [InlineData("450 no mailbox")]
    [InlineData("250 no mailbox")]
    [InlineData("550 4.1.1 no mailbox")]
    [InlineData("5.1")]
    [InlineData("5.")]
    [InlineData("550  no mailbox")]
    [InlineData("no mailbox ")]
    [InlineData("*no mailbox*")]
    [InlineData("no\tmailbox")]
    public void What_would_match_nothing_or_too_much_is_none(string text) => Assert.False(ReplyPattern.TryParse(text, out _));

    [Fact]
    public void The_beginning_of_an_enhanced_code_makes_no_refusal()
    {
        Assert.False(ReplyPattern.TryParseRefusal("5.7.", out _));
        Assert.True(ReplyPattern.TryParseRefusal("5.7.1", out _));
        Assert.True(ReplyPattern.TryParseRefusal("5.7. no mailbox", out _));
    }

    [Fact]
    public void Words_of_more_than_200_characters_are_none()
    {
        Assert.True(ReplyPattern.TryParse(new string('w', 200), out _));
        Assert.False(ReplyPattern.TryParse(new string('w', 201), out _));
    }

    [Theory]
    [InlineData(554, "5.7.1", "Message refused: NO MAILBOX HERE by that name", ReplyCategory.UserUnknown)]
    [InlineData(550, "5.7.1", "Message refused: no mailbox here by that name", ReplyCategory.NotAboutUser)]
    [InlineData(554, "5.7.1", "no mailbox here for strangers, members only", ReplyCategory.MailboxExists)]
    [InlineData(550, "5.1.1", "rejected by reputation", ReplyCategory.NotAboutUser)]
    [InlineData(550, "5.1.1", "User unknown", ReplyCategory.UserUnknown)]
    [InlineData(451, "4.7.1", "gone fishing", ReplyCategory.Temporary)]
    public void A_route_reads_its_own_words_first_and_a_4xx_stays_temporary(int code, string enhanced, string text, ReplyCategory category) =>
        Assert.Equal(category, ReplyClassifier.Classify(code, enhanced, text, ProbeStage.Rcpt, Gateway.ReplyRules));

    [Fact]
    public void Before_RCPT_they_are_about_no_user() =>
        Assert.Equal(ReplyCategory.NotAboutUser, ReplyClassifier.Classify(550, "", "gone fishing", ProbeStage.Mail, Gateway.ReplyRules));
}
