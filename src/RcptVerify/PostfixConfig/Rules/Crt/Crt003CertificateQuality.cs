using System.Globalization;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules.Files;
using RcptVerify.PostfixConfig.Rules.Kex;

namespace RcptVerify.PostfixConfig.Rules.Crt;

/// <summary>Certificates that peers refuse or should refuse: by the file where it can be read, else by its name.</summary>
internal sealed class Crt003CertificateQuality : PostfixRule
{
    private const string Chains = "smtpd_tls_chain_files";
    private static readonly string[] SelfSignedNames = ["snakeoil", "selfsigned", "self-signed", "self_signed"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        Dictionary<string, PemFile?> read = new(StringComparer.Ordinal);
        foreach (EffectiveService service in TlsServers.Of(context).Where(service => service.Role is ServiceRole.Mx or ServiceRole.Submission))
        {
            IReadOnlyList<ServerCertificate> files = ServerCertificate.Of(context, service);
            bool toldSelfSigned = false;
            foreach (ServerCertificate file in files)
            {
                PemFile? pem = Read(file.Path);
                if (pem is { HasPrivateKey: true } && context.Files.IsReadableByAll(file.Path) == true)
                    yield return Found(Severity.Error, "everybody on the machine may read the private key", file, service, "chmod o-r");
                if (file.IsKey)
                    continue;
                if (!toldSelfSigned && IsSelfSigned(file, pem))
                {
                    toldSelfSigned = true;
                    Severity severity = service.Role == ServiceRole.Submission ? Severity.Warning : Severity.Notice;
                    yield return Found(
                        severity,
                        "the certificate is self-signed: who checks it turns away",
                        file,
                        service,
                        "a certificate of an authority");
                }

                if (service["smtpd_tls_CAfile"].IsEmpty && service["smtpd_tls_CApath"].IsEmpty && IsAlone(file, files, Read))
                    yield return Found(
                        Severity.Warning,
                        "the intermediate certificate is missing: peers that do not have it turn away",
                        file,
                        service,
                        IsNamedAlone(file) ? "fullchain.pem" : "the intermediate certificate, behind the server's in the file");
                foreach (PemCertificate certificate in pem?.Own ?? [])
                {
                    foreach (Finding finding in Judge(context, certificate, file, service))
                        yield return finding;
                }
            }
        }

        PemFile? Read(string path)
        {
            if (!read.TryGetValue(path, out PemFile? pem))
                read[path] = pem = context.Files.Read(path) is string text ? PemFile.Parse(text) : null;
            return pem;
        }
    }

    private IEnumerable<Finding> Judge(RuleContext context, PemCertificate certificate, ServerCertificate file, EffectiveService service)
    {
        DateTimeOffset now = context.Time.GetUtcNow();
        if (certificate.NotAfter < now)
            yield return Found(Severity.Error, $"the certificate expired on {Day(certificate.NotAfter)}", file, service);
        if (certificate.NotBefore > now)
            yield return Found(Severity.Error, $"the certificate is not valid before {Day(certificate.NotBefore)}", file, service);
        if (certificate is { HasWeakSignature: true, IsSelfSigned: false })
            yield return Found(Severity.Error, "the certificate is signed with SHA-1 or MD5", file, service);
        if (certificate.KeyBits is > 0 and int bits && bits < context.Profile.GoodRsaBits)
        {
            yield return bits < context.Profile.MinRsaBits
                ? Found(Severity.Error, $"the RSA key has {bits} bits, less than {context.Profile.MinRsaBits}", file, service)
                : Found(
                    Severity.Notice,
                    $"{context.Profile.Title} phases out RSA keys of less than {context.Profile.GoodRsaBits} bits",
                    file,
                    service);
        }

        if (context.Profile.MaxCertificateDays is int days && certificate.NotAfter - certificate.NotBefore > TimeSpan.FromDays(days))
            yield return Found(Severity.Notice, $"{context.Profile.Title} wants certificates that are valid for {days} days at most", file, service);
    }

    private Finding Found(Severity severity, string message, ServerCertificate file, EffectiveService service, string fix = "") =>
        Of(severity, message, file.Value, service, file.Word) with { Fix = fix };

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static bool IsSelfSigned(ServerCertificate file, PemFile? pem) => pem is { Certificates.Count: > 0 }
        ? pem.Own.Any(certificate => certificate.IsSelfSigned)
        : pem is not { HasPrivateKey: true } && SelfSignedNames.Any(name => file.Path.Contains(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Whether a file has a server's certificate and nothing brings its issuer's. What can be read counts: one that another issued, with
    /// no authority's behind it, in this file or, of a list of chains, in those up to the next certificate. Else the name does.
    /// </summary>
    private static bool IsAlone(ServerCertificate file, IReadOnlyList<ServerCertificate> files, Func<string, PemFile?> read)
    {
        if (read(file.Path) is not { Certificates.Count: > 0 } own)
            return IsNamedAlone(file) && !files.Any(other => other.FileName.EndsWith("chain.pem", StringComparison.Ordinal));
        if (own.Certificates.All(certificate => certificate.IsAuthority || certificate.IsSelfSigned) || HasOrHidesAuthority(own))
            return false;
        foreach (ServerCertificate next in files.SkipWhile(other => other != file).Skip(1).TakeWhile(_ => file.Value.Name == Chains))
        {
            PemFile? pem = read(next.Path);
            // A key, or a certificate that is no authority's, begins the next chain.
            if (pem is { IsBroken: false } && (pem.HasPrivateKey || pem.Certificates is [{ IsAuthority: false }, ..]))
                break;
            if (pem is null || HasOrHidesAuthority(pem))
                return false;
        }

        return true;
    }

    private static bool HasOrHidesAuthority(PemFile pem) => pem.IsBroken || pem.Certificates.Any(certificate => certificate.IsAuthority);

    /// <summary>Let's Encrypt's cert.pem.</summary>
    private static bool IsNamedAlone(ServerCertificate file) =>
        file.FileName == "cert.pem" && file.Path.Contains("letsencrypt/live/", StringComparison.Ordinal);
}
