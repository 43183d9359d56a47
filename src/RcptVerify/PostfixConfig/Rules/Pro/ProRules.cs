namespace RcptVerify.PostfixConfig.Rules.Pro;

/// <summary>The rules of the group PRO, by number.</summary>
internal static class ProRules
{
    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<PostfixRule> All =
    [
        new Pro001InvalidToken(),
        new Pro002ObsoleteSsl(),
        new Pro003OldProtocol(),
        new Pro004LostTls13(),
        new Pro005MalformedBound(),
        new Pro006EmptySet(),
        new Pro007MandatoryBelowOpportunistic(),
        new Pro008OnlyTls13(),
        new Pro009UnreadList(),
    ];
}
