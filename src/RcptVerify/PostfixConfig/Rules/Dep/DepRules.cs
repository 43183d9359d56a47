namespace RcptVerify.PostfixConfig.Rules.Dep;

/// <summary>The rules of the group DEP, by number.</summary>
internal static class DepRules
{
    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<PostfixRule> All =
    [
        new Dep001Deprecated(),
        new Dep002Removed(),
        new Dep003Superfluous(),
        new Dep004BerkeleyDb(),
    ];
}
