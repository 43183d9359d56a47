using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules.Files;

namespace RcptVerify.PostfixConfig.Rules.Cip;

/// <summary>The kinds of keys a server has certificates for.</summary>
internal static class ServerKeys
{
    /// <summary>
    /// As <see cref="Ciphers.CipherSuite.Authentication"/> names them; null when one is not known. A name says so for the ECDSA and DSA
    /// parameters only: smtpd_tls_cert_file takes any kind, and many have an ECDSA key there.
    /// </summary>
    public static IReadOnlyCollection<string>? Of(RuleContext context, EffectiveService service)
    {
        HashSet<string> kinds = [];
        if (service.Parameters.Exists("smtpd_tls_chain_files") && service["smtpd_tls_chain_files"] is { IsEmpty: false } chain)
            return chain.Words.All(path => Add(kinds, context.Files.Read(path))) ? kinds : null;
        if (service["smtpd_tls_cert_file"] is { IsEmpty: false } file && !Add(kinds, context.Files.Read(file.Text)))
            return null;
        if (!service["smtpd_tls_eccert_file"].IsEmpty)
            kinds.Add("ECDSA");
        if (!service["smtpd_tls_dcert_file"].IsEmpty)
            kinds.Add("DSS");
        return kinds;
    }

    private static bool Add(HashSet<string> kinds, string? text)
    {
        if (text is null)
            return false;
        PemFile pem = PemFile.Parse(text);
        // Of a chain only the server's own certificates count; a file may hold the key alone.
        foreach (PemCertificate certificate in pem.Own)
        {
            if (certificate.KeyKind is not string kind)
                return false;
            kinds.Add(kind);
        }

        return !pem.IsBroken;
    }
}
