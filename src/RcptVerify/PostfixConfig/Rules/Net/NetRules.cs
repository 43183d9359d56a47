namespace RcptVerify.PostfixConfig.Rules.Net;

/// <summary>The rules of the group NET, by number.</summary>
internal static class NetRules
{
    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<PostfixRule> All =
    [
        new Net001Smuggling(),
        new Net002Pipelining(),
        new Net003Protocols(),
        new Net004TrustedNetworks(),
        new Net005BindAddress(),
    ];
}
