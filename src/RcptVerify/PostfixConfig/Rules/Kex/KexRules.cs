namespace RcptVerify.PostfixConfig.Rules.Kex;

/// <summary>The rules of the group KEX, by number.</summary>
internal static class KexRules
{
    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<PostfixRule> All =
    [
        new Kex001ShortDhParameters(),
        new Kex002OwnDhParameters(),
        new Kex003EecdhGrade(),
        new Kex004Curves(),
        new Kex005SslOptions(),
    ];
}
