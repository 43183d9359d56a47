namespace RcptVerify.PostfixConfig.Versions;

/// <summary>What a configuration is evaluated for.</summary>
/// <param name="Postfix">The release.</param>
/// <param name="OpenSsl">The library it runs with.</param>
/// <param name="Platform">The distribution.</param>
internal sealed record Target(PostfixVersion Postfix, OpenSslVersion OpenSsl, Platform Platform)
{
    /// <summary>Whether somebody said the library's release; else it is <see cref="OpenSslVersion.Assumed"/>.</summary>
    public bool IsOpenSslKnown { get; init; } = true;

    /// <summary>The library's release in words: <c>3.5</c>, <c>3.0 assumed</c>.</summary>
    public string OpenSslText => IsOpenSslKnown ? OpenSsl.ToString() : $"{OpenSsl} assumed";

    /// <summary>A release on an unknown platform with the usual library.</summary>
    public static Target Of(PostfixVersion postfix) => new(postfix, OpenSslVersion.Assumed, Platform.Unknown);
}
