using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Ciphers;

/// <summary>The suites of a library.</summary>
internal static class CipherSuites
{
    private static readonly Lazy<IReadOnlyList<CipherSuite>> OpenSsl3 = new(() =>
        [.. EmbeddedText.Read("PostfixConfig/suites-openssl3.tsv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(CipherSuite.Parse)]);

    /// <summary>
    /// Every suite; null for a library whose suites are not known here. 1.1.1 has the ones of 3.0; before it there were RC4, 3DES and EXPORT.
    /// </summary>
    public static IReadOnlyList<CipherSuite>? Of(OpenSslVersion openSsl) => openSsl.IsAtLeast(1, 1, 1) ? OpenSsl3.Value : null;

    /// <summary>The suite of a name; null when OpenSSL 3 has none.</summary>
    public static CipherSuite? Find(string name) => OpenSsl3.Value.FirstOrDefault(suite => suite.Name == name);
}
