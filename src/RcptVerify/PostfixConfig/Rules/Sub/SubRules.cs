namespace RcptVerify.PostfixConfig.Rules.Sub;

/// <summary>The rules of the group SUB, by number.</summary>
internal static class SubRules
{
    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<PostfixRule> All =
    [
        new Sub001PlainAuthentication(),
        new Sub002SubmissionWithoutTls(),
        new Sub003WrapperMode(),
        new Sub004ClientPasswordWithoutTls(),
        new Sub005OpenRelay(),
    ];
}
