using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules.Files;

namespace RcptVerify.PostfixConfig.Rules.Crt;

/// <summary>
/// Loads the files of a server's certificates as tls_certkey.c of Postfix does: one file that fails, and the server has no TLS. What
/// cannot be looked at counts as fine.
/// </summary>
internal static class CertificateLoading
{
    private static readonly (string Certificate, string Key)[] Pairs =
        [("smtpd_tls_cert_file", "smtpd_tls_key_file"), ("smtpd_tls_dcert_file", "smtpd_tls_dkey_file"), ("smtpd_tls_eccert_file", "smtpd_tls_eckey_file")];

    /// <summary>What was read: services and releases have the same files, and taking a key apart costs a millisecond.</summary>
    private static readonly ConditionalWeakTable<IConfigurationFiles, ConcurrentDictionary<string, PemFile?>> Parsed = [];

    /// <summary>The first fault; null for none.</summary>
    public static CertificateFault? Fault(RuleContext context, EffectiveService service)
    {
        if (context.Files is NoFiles)
            return null;
        EffectiveValue chain = service["smtpd_tls_chain_files"];
        return context.Postfix.IsAtLeast(3, 4) && !chain.IsEmpty ? OfChain(context.Files, chain)
            : Pairs.Select(pair => OfPair(context.Files, service[pair.Certificate], service[pair.Key])).FirstOrDefault(fault => fault is not null);
    }

    private static CertificateFault? OfPair(IConfigurationFiles files, EffectiveValue certificate, EffectiveValue key)
    {
        if (certificate.IsEmpty || certificate.Text == "none")
            return null;
        ServerCertificate first = new(certificate, certificate.Text, false);
        ServerCertificate second = new(key, key.Text, true);
        bool areOne = certificate.Text == key.Text;
        if (Missing(files, first, "the certificate's file") is CertificateFault missing)
            return missing;
        if (!areOne && Missing(files, second, "the key's file") is CertificateFault noKey)
            return noKey;
        PemFile? ofCertificate = Read(files, first.Path);
        PemFile? ofKey = areOne ? ofCertificate : Read(files, second.Path);
        PemPart? own = ofCertificate?.Parts.FirstOrDefault(part => !part.IsKey);
        PemPart? secret = ofKey?.Parts.FirstOrDefault(part => part.IsKey);
        if (ofCertificate is not null && own is null)
        {
            return !areOne && ofCertificate.HasPrivateKey && ofKey is { HasPrivateKey: false, Certificates.Count: > 0 }
                ? new(first, "the files of the certificate and the key are swapped", $"{certificate.Name} = {key.Text}, {key.Name} = {certificate.Text}")
                : new(first, "no certificate is in the file, as PEM has them");
        }

        return ofKey is not null && secret is null ? new(areOne ? first : second, "no private key is in the file, as PEM has them")
            : own is not null && secret?.Contradicts(own) == true
                ? new(areOne ? first : second, "the private key does not belong to the certificate", "the key that the certificate was made for")
                : null;
    }

    private static CertificateFault? OfChain(IConfigurationFiles files, EffectiveValue chain)
    {
        ServerCertificate? last = null;
        PemPart? key = null;
        bool isFirst = true;
        foreach (string path in chain.Words)
        {
            last = new ServerCertificate(chain, path, false);
            if (Missing(files, last, "the file") is CertificateFault missing)
                return missing;
            if (Read(files, path) is not PemFile pem)
                return null;
            foreach (PemPart part in pem.Parts)
            {
                if (part.IsKey && key is not null)
                    return new(last, "a private key has no certificate behind it");
                if (!part.IsKey && isFirst)
                    return new(last, "a certificate comes before the first private key", "the key, then its certificate, then the intermediate certificates");
                if (!part.IsKey && key?.Contradicts(part) == true)
                    return new(last, "the private key does not belong to the certificate behind it", "the key that the certificate was made for");
                key = part.IsKey ? part : null;
                isFirst = false;
            }
        }

        return last is null ? null
            : isFirst ? new(last, "no private key and no certificate is in the files, as PEM has them")
            : key is not null ? new(last, "a private key has no certificate behind it")
            : null;
    }

    private static CertificateFault? Missing(IConfigurationFiles files, ServerCertificate file, string what) =>
        files.Exists(file.Path) == false ? new(file, $"{what} is not there") : null;

    private static PemFile? Read(IConfigurationFiles files, string path) =>
        Parsed.GetOrCreateValue(files).GetOrAdd(path, (name, from) => from.Read(name) is string text ? PemFile.Parse(text) : null, files) is { IsWhole: true } pem ? pem : null;
}
