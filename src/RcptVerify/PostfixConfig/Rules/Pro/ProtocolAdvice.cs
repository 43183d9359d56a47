using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Pro;

/// <summary>What to write instead, in words the release knows.</summary>
internal static class ProtocolAdvice
{
    /// <summary>TLS 1.2 and later.</summary>
    public static string FloorTls12(PostfixVersion version) =>
        version.IsAtLeast(3, 6) ? ">=TLSv1.2"
        : version.Has("2.6.15 2.7.9 2.8.10 2.9.2 2.10") ? "!SSLv2, !SSLv3, !TLSv1, !TLSv1.1"
        : "!SSLv2, !SSLv3";
}
