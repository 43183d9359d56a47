using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RcptVerify.PostfixConfig.Rules.Files;

/// <summary>What rules look at in a certificate.</summary>
/// <param name="NotBefore">Valid from, UTC.</param>
/// <param name="NotAfter">Valid to, UTC.</param>
/// <param name="SignatureOid">The algorithm it is signed with.</param>
/// <param name="KeyKind">RSA, ECDSA or DSS as suites name them; null for others.</param>
/// <param name="KeyBits">Length of an RSA key; 0 for others.</param>
/// <param name="IsSelfSigned">Whether it names itself as its issuer.</param>
/// <param name="IsAuthority">Whether it may issue others.</param>
internal sealed record PemCertificate(
    DateTimeOffset NotBefore, DateTimeOffset NotAfter, string SignatureOid, string? KeyKind, int KeyBits, bool IsSelfSigned, bool IsAuthority)
{
    /// <summary>Its public key, see <see cref="PublicKeys"/>; null when that is not known.</summary>
    public string? PublicKey { get; init; }

    /// <summary>Whether the signature's hash is MD5 or SHA-1: RSA, DSA and ECDSA.</summary>
    public bool HasWeakSignature => SignatureOid is
        "1.2.840.113549.1.1.4" or "1.2.840.113549.1.1.5" or "1.2.840.10040.4.3" or "1.2.840.10045.4.1" or "1.3.14.3.2.29";

    /// <summary>Reads one; null when it is none.</summary>
    public static PemCertificate? Parse(ReadOnlySpan<char> pem)
    {
        try
        {
            using X509Certificate2 certificate = X509Certificate2.CreateFromPem(pem);
            string? kind = certificate.PublicKey.Oid.Value switch
            {
                "1.2.840.113549.1.1.1" => "RSA",
                "1.2.840.10045.2.1" => "ECDSA",
                "1.2.840.10040.4.1" => "DSS",
                _ => null,
            };
            return new PemCertificate(
                certificate.NotBefore.ToUniversalTime(),
                certificate.NotAfter.ToUniversalTime(),
                certificate.SignatureAlgorithm.Value ?? "",
                kind,
                kind == "RSA" ? Bits(certificate) : 0,
                certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData),
                certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(extension => extension.CertificateAuthority))
            {
                PublicKey = PublicKeys.Of(certificate),
            };
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static int Bits(X509Certificate2 certificate)
    {
        using RSA? key = certificate.GetRSAPublicKey();
        return key?.KeySize ?? 0;
    }
}
