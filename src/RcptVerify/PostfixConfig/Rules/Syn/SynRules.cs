namespace RcptVerify.PostfixConfig.Rules.Syn;

/// <summary>The rules of the group SYN, by number.</summary>
internal static class SynRules
{
    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<PostfixRule> All =
    [
        new Syn001FatalParseError(),
        new Syn002CommentAfterValue(),
        new Syn003WrongType(),
        new Syn004DuplicateDefinition(),
        new Syn005UndefinedReference(),
        new Syn006MasterCfSyntax(),
        new Syn007UnknownParameter(),
    ];
}
