namespace RcptVerify.PostfixConfig.Rules.Crt;

/// <summary>The rules of the group CRT, by number.</summary>
internal static class CrtRules
{
    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<PostfixRule> All =
    [
        new Crt001NoCertificate(),
        new Crt002ChainAndLegacyFiles(),
        new Crt003CertificateQuality(),
        new Crt004FingerprintDigest(),
    ];
}
