using RcptVerify.PostfixConfig.Tls;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Pro;

/// <summary>What to write instead, in words the release knows.</summary>
internal static class ProtocolAdvice
{
    /// <summary>The releases that speak TLS 1.3, given a library that does.</summary>
    private const string Tls13 = "3.0.14 3.1.10 3.2.7 3.3.2 3.4";

    /// <summary>TLS 1.2 and later.</summary>
    public static string FloorTls12(PostfixVersion version) =>
        version.IsAtLeast(3, 6) ? ">=TLSv1.2"
        : version.Has("2.6.15 2.7.9 2.8.10 2.9.2 2.10") ? "!SSLv2, !SSLv3, !TLSv1, !TLSv1.1"
        : "!SSLv2, !SSLv3";

    /// <summary>All of TLS and nothing of SSL.</summary>
    public static string NoSsl(PostfixVersion version) => version.IsAtLeast(3, 6) ? ">=TLSv1" : "!SSLv2, !SSLv3";

    /// <summary>Whether TLS 1.3 can be spoken at all.</summary>
    public static bool SpeaksTls13(Target target) => target.Postfix.Has(Tls13) && target.OpenSsl.IsAtLeast(1, 1, 1);

    /// <summary>
    /// The protocols of a list that a later release would take, in words of this one; null when no release takes it, or this one
    /// cannot say the same.
    /// </summary>
    public static string? InWordsOf(Target target, string list)
    {
        TlsProtocolSet meant = TlsProtocolSet.Parse(list, target with { Postfix = PostfixVersion.Latest });
        // Of a bound without a version or with one that is none nobody knows what was meant.
        if (!meant.IsValid || meant.Enabled == TlsProtocols.None || meant.Tokens.Any(token => token.BoundsNothing))
            return null;
        TlsProtocols excluded = TlsProtocolNames.KnownTo(target.Postfix) & ~meant.Allowed;
        string words = string.Join(", ", TlsProtocolNames.Of(excluded).Select(name => "!" + name));
        return TlsProtocolSet.Parse(words, target).Enabled == meant.Enabled ? words : null;
    }
}
