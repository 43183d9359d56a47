using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Restrictions;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Restrictions;

public sealed class RestrictionListsTests
{
    [Theory]
    [InlineData("a, b\tc,,\r\n d", "a|b|c|d")]
    [InlineData("check_policy_service { inet:localhost:9, timeout=1s } permit", "check_policy_service|{ inet:localhost:9, timeout=1s }|permit")]
    [InlineData("{ { a } b }c d", "{ { a } b }c|d")]
    [InlineData("{ never closed, x", "{ never closed, x")]
    [InlineData(" ,, ", "")]
    public void Words_are_parted_at_commas_and_white_space_and_braces_hold_them_together(string text, string words)
    {
        Assert.Equal(words, string.Join('|', RestrictionLists.Words(text).Select(word => word.Text)));
        Assert.All(RestrictionLists.Words(text), word => Assert.Equal(word.Text, text.Substring(word.Offset, word.Text.Length)));
    }

    [Theory]
    [InlineData("check_recipient_access hash:/x reject", "check_recipient_access(hash:/x) reject()")]
    [InlineData("hash:/x, reject_rbl_client bl.example sleep 5", "check_recipient_access(hash:/x) reject_rbl_client(bl.example) sleep(5)")]
    [InlineData("check_policy_service {inet:h:1, timeout=2} permit", "check_policy_service({inet:h:1, timeout=2}) permit()")]
    [InlineData("check_recipient_access", "check_recipient_access()")]
    [InlineData("warn_if_reject reject permit", "!reject() permit()")]
    [InlineData("WARN_IF_REJECT Reject", "!Reject()")]
    [InlineData("warn_if_reject", "")]
    public void Arguments_and_warnings_belong_to_their_restriction(string list, string expected) =>
        Assert.Equal(expected, Text(Of($"smtpd_recipient_restrictions = {list}\n")));

    [Fact]
    public void A_class_stands_for_its_own_list_and_its_words_are_found_there()
    {
        IReadOnlyList<Restriction> list = Of(
            "smtpd_restriction_classes = inner, outer\ninner = reject_unverified_recipient\nouter = warn_if_reject inner, permit\n"
            + "smtpd_recipient_restrictions = outer, reject\n");
        Assert.Equal("!reject_unverified_recipient() permit() reject()", Text(list));
        Assert.Equal(["inner", "outer", "smtpd_recipient_restrictions"], list.Select(restriction => restriction.Source.Name));
        Assert.Equal([(0, 27), (22, 6), (7, 6)], list.Select(restriction => restriction.Word));
    }

    [Fact]
    public void A_name_that_is_not_declared_is_no_class() =>
        Assert.Equal("inner()", Text(Of("inner = reject\nsmtpd_recipient_restrictions = inner\n")));

    [Fact]
    public void A_class_of_itself_and_classes_that_double_each_other_come_to_an_end()
    {
        Assert.Empty(Of("smtpd_restriction_classes = a\na = a\nsmtpd_recipient_restrictions = a\n"));
        string doubling = string.Concat(Enumerable.Range(0, 30).Select(n => $"c{n} = c{n + 1} c{n + 1} permit\n"));
        int length = Of(
            $"smtpd_restriction_classes = {string.Join(' ', Enumerable.Range(0, 30).Select(n => $"c{n}"))}\n{doubling}smtpd_recipient_restrictions = c0\n").Count;
        Assert.InRange(length, RestrictionLists.MaxUsesOfClass, RestrictionLists.MaxUsesOfClass * 30);
    }

    [Fact]
    public void A_list_that_the_release_does_not_have_is_empty() =>
        Assert.Empty(RestrictionLists.Of(Server("smtpd_relay_restrictions = reject\n", "2.9").Parameters, "smtpd_relay_restrictions"));

    [Theory]
    // Recipient restrictions come first, up to 3.5 and at lower levels: strangers come to the verification.
    [InlineData("3.5", "", "reject_unverified_recipient", "reject_unverified_recipient permit_mynetworks permit_sasl_authenticated defer_unauth_destination")]
    [InlineData("3.11", "compatibility_level = 3.6\n", "reject_unverified_recipient", "permit_mynetworks permit_sasl_authenticated defer_unauth_destination")]
    [InlineData("3.5", "", "reject_unauth_destination, reject_unverified_recipient", "reject_unauth_destination")]
    [InlineData("3.5", "", "warn_if_reject reject_unauth_destination, permit, reject", "reject_unauth_destination permit permit_mynetworks permit_sasl_authenticated defer_unauth_destination")]
    [InlineData("3.5", "smtpd_client_restrictions = permit_sasl_authenticated, reject\n", "permit", "permit_sasl_authenticated reject")]
    [InlineData("3.5", "smtpd_delay_reject = no\nsmtpd_client_restrictions = permit_sasl_authenticated, reject\n", "permit", "")]
    public void A_stranger_comes_as_far_as_the_first_refusal(string postfix, string main, string recipient, string met)
    {
        string level = postfix == "3.5" ? "compatibility_level = 2\n" : "";
        EffectiveService server = Server($"{level}{main}smtpd_recipient_restrictions = {recipient}\n", postfix);
        Assert.Equal(met, string.Join(' ', RestrictionWalk.ForeignRecipient(server, ClientKind.Stranger).Select(restriction => restriction.Name)));
    }

    [Theory]
    [InlineData(nameof(ClientKind.Stranger), "permit_mynetworks permit_sasl_authenticated reject")]
    [InlineData(nameof(ClientKind.Network), "permit_mynetworks")]
    [InlineData(nameof(ClientKind.User), "permit_mynetworks permit_sasl_authenticated")]
    public void A_permit_holds_for_those_it_names(string client, string met)
    {
        EffectiveService server = Server("smtpd_relay_restrictions =\nsmtpd_recipient_restrictions = permit_mynetworks permit_sasl_authenticated reject\n", "3.5");
        Assert.Equal(met, string.Join(' ', RestrictionWalk.ForeignRecipient(server, Enum.Parse<ClientKind>(client)).Select(restriction => restriction.Name)));
    }

    private static IReadOnlyList<Restriction> Of(string main) => RestrictionLists.Of(Server(main, "3.11").Parameters, "smtpd_recipient_restrictions");

    private static EffectiveService Server(string main, string postfix) => EffectiveConfiguration
        .Of(PostfixConfiguration.Parse(main), Target.Of(PostfixVersion.TryParse(postfix, out PostfixVersion version) ? version : default))
        .Services.First(service => service.Daemon == Daemon.Smtpd);

    private static string Text(IEnumerable<Restriction> list) =>
        string.Join(' ', list.Select(restriction => $"{(restriction.WarnsOnly ? "!" : "")}{restriction.Name}({restriction.Argument})"));
}
