namespace RcptVerify.PostfixConfig.Versions;

/// <summary>What a configuration is evaluated for.</summary>
/// <param name="Postfix">The release.</param>
/// <param name="OpenSsl">The library it runs with.</param>
/// <param name="Platform">The distribution.</param>
internal sealed record Target(PostfixVersion Postfix, OpenSslVersion OpenSsl, Platform Platform)
{
    /// <summary>A release on an unknown platform with the usual library.</summary>
    public static Target Of(PostfixVersion postfix) => new(postfix, OpenSslVersion.Assumed, Platform.Unknown);
}
