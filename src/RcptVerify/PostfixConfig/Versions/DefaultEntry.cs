namespace RcptVerify.PostfixConfig.Versions;

/// <summary>What a parameter's default is from a release on.</summary>
/// <param name="Since">The first release.</param>
/// <param name="OpenSsl">Only with that OpenSSL or later; null for any.</param>
/// <param name="Exists">False when the parameter is gone from there on.</param>
/// <param name="Value">The default; null when it is computed at run or build time.</param>
internal sealed record DefaultEntry(PostfixVersion Since, OpenSslVersion? OpenSsl, bool Exists, string? Value);
