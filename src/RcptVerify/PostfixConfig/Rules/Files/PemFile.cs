using System.Security.Cryptography;

namespace RcptVerify.PostfixConfig.Rules.Files;

/// <summary>A file of certificates and keys, whatever else stands in it. Reading never throws.</summary>
/// <param name="Certificates">In order.</param>
/// <param name="HasPrivateKey">Whether a private key is in it.</param>
/// <param name="IsBroken">Whether a block says that it is a certificate and is none.</param>
internal sealed record PemFile(IReadOnlyList<PemCertificate> Certificates, bool HasPrivateKey, bool IsBroken)
{
    /// <summary>Certificates and private keys, in order.</summary>
    public IReadOnlyList<PemPart> Parts { get; init; } = [];

    /// <summary>Whether all of the file was looked at, and understood.</summary>
    public bool IsWhole { get; init; }

    // Many times a long chain. What comes after it is not looked at: a search for the end of each of many blocks takes its time.
    private const int MaxLength = 256 * 1024;

    /// <summary>The server's own certificates, not those of authorities; the first where all may issue others, as self-signed ones often may.</summary>
    public IEnumerable<PemCertificate> Own => Certificates.Any(certificate => !certificate.IsAuthority)
        ? Certificates.Where(certificate => !certificate.IsAuthority) : Certificates.Take(1);

    /// <summary>Reads a text.</summary>
    public static PemFile Parse(string text)
    {
        List<PemCertificate> certificates = [];
        List<PemPart> parts = [];
        bool hasKey = false;
        bool broken = false;
        ReadOnlySpan<char> rest = text.AsSpan(0, Math.Min(text.Length, MaxLength));
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            ReadOnlySpan<char> label = rest[fields.Label];
            if (label.EndsWith("PRIVATE KEY", StringComparison.Ordinal))
            {
                hasKey = true;
                parts.Add(new PemPart(true, PublicKeys.OfPrivateKey(rest[fields.Location])));
            }
            else if (label is "CERTIFICATE" or "X509 CERTIFICATE" or "TRUSTED CERTIFICATE")
            {
                if (label is "CERTIFICATE" && PemCertificate.Parse(rest[fields.Location]) is PemCertificate certificate)
                {
                    certificates.Add(certificate);
                    parts.Add(new PemPart(false, certificate.PublicKey));
                }
                else
                {
                    broken = true;
                }
            }

            rest = rest[fields.Location.End..];
        }

        return new PemFile(certificates, hasKey, broken) { Parts = parts, IsWhole = !broken && text.Length <= MaxLength };
    }
}
