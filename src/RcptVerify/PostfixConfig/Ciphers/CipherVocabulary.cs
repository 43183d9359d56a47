using RcptVerify.Configuration;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Ciphers;

/// <summary>Every word a cipher string of OpenSSL 1.0.1 to 3.5 may hold: aliases, and suites of today and of the past.</summary>
internal static class CipherVocabulary
{
    private static readonly string[] Tls13 =
    [
        "TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256",
        "TLS_SHA256_SHA256", "TLS_SHA384_SHA384",
    ];

    private static readonly string[] KeyExchanges =
    [
        "", "EDH-RSA-", "EDH-DSS-", "DHE-RSA-", "DHE-DSS-", "DH-RSA-", "DH-DSS-", "ADH-", "AECDH-", "ECDHE-RSA-", "ECDHE-ECDSA-", "ECDH-RSA-",
        "ECDH-ECDSA-", "KRB5-", "PSK-", "DHE-PSK-", "RSA-PSK-", "ECDHE-PSK-", "SRP-", "SRP-RSA-", "SRP-DSS-",
    ];

    private static readonly string[] OldEncryptions =
    [
        "DES-CBC3-SHA", "DES-CBC3-MD5", "DES-CBC-SHA", "DES-CBC-MD5", "3DES-EDE-CBC-SHA", "RC4-SHA", "RC4-MD5", "RC4-64-MD5", "RC2-CBC-SHA",
        "RC2-CBC-MD5", "IDEA-CBC-SHA", "IDEA-CBC-MD5", "SEED-SHA", "NULL-SHA", "NULL-MD5",
    ];

    private static readonly string[] Encryptions =
    [
        "AES128-SHA", "AES256-SHA", "AES128-SHA256", "AES256-SHA256", "AES256-SHA384", "AES128-GCM-SHA256", "AES256-GCM-SHA384",
        "CAMELLIA128-SHA", "CAMELLIA256-SHA", "CAMELLIA128-SHA256", "CAMELLIA256-SHA256", "CAMELLIA256-SHA384",
    ];

    private static readonly Lazy<HashSet<string>> Suites = new(() => new HashSet<string>(
        [
            .. CipherSuites.Of(OpenSslVersion.Assumed)!.Select(suite => suite.Name),
            .. Tls13,
            .. KeyExchanges.SelectMany(kx => OldEncryptions.Concat(Encryptions).Select(encryption => kx + encryption)),
            .. KeyExchanges.SelectMany(kx => OldEncryptions.Select(encryption => "EXP-" + kx + encryption)),
            .. KeyExchanges.SelectMany(kx => OldEncryptions.Select(encryption => "EXP1024-" + kx + encryption)),
        ],
        StringComparer.Ordinal));

    /// <summary>Whether OpenSSL knows or once knew a word; every part of words joined by <c>+</c>.</summary>
    public static bool IsKnown(string word) => word.Split('+').All(part =>
        CipherAliases.IsVocabulary(part) || Suites.Value.Contains(part) || part.StartsWith("GOST20", StringComparison.Ordinal));

    /// <summary>What a word selects, words joined by <c>+</c> too; null for what selects nothing today.</summary>
    public static CipherPattern? Pattern(string word)
    {
        CipherPattern? pattern = null;
        bool first = true;
        foreach (string part in word.Split('+'))
        {
            CipherPattern? next = CipherAliases.Find(part) ?? (CipherSuites.Find(part) is CipherSuite suite ? CipherPattern.Of(suite) : null);
            pattern = next is null ? null : first ? next : pattern?.And(next);
            if (pattern is null)
                return null;
            first = false;
        }

        return pattern;
    }

    /// <summary>The word that was probably meant; null when none is near.</summary>
    public static string? Nearest(string word) =>
        Spelling.Nearest(word, CipherAliases.Words) ?? Spelling.Nearest(word, Suites.Value.Order(StringComparer.Ordinal));
}
