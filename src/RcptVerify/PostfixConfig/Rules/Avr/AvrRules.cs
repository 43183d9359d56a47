namespace RcptVerify.PostfixConfig.Rules.Avr;

/// <summary>The rules of the group AVR, by number.</summary>
internal static class AvrRules
{
    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<PostfixRule> All =
    [
        new Avr001ProbesForStrangers(),
        new Avr002ReplyCodes(),
        new Avr003MissingTable(),
        new Avr004VerifyTarget(),
        new Avr005VerifyCache(),
        new Avr006InheritedRelayhost(),
        new Avr007ProbeSender(),
        new Avr008UnknownRelayRecipients(),
    ];
}
