using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RcptVerify.Tests.PostfixConfig;

/// <summary>Certificates for tests, valid 2026-01-01 to 2026-12-31 unless said otherwise.</summary>
internal static class TestPem
{
    public static readonly DateTimeOffset From = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly DateTimeOffset To = new(2026, 12, 31, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A key, its certificate, signed by an authority, and that one's, signed by another.</summary>
    public static string EcdsaChain()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=mx.example.com", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.Create(
            new X500DistinguishedName("CN=An authority"), X509SignatureGenerator.CreateForECDsa(key), From, To, [1]);
        return $"{key.ExportPkcs8PrivateKeyPem()}\n{certificate.ExportCertificatePem()}\n{Authority()}";
    }

    /// <summary>The authority's certificate alone.</summary>
    public static string Authority()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=An authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using X509Certificate2 certificate = request.Create(new X500DistinguishedName("CN=A root"), X509SignatureGenerator.CreateForECDsa(key), From, To, [2]);
        return certificate.ExportCertificatePem() + "\n";
    }

    /// <summary>The key and the first certificate of a chain.</summary>
    public static string Alone(string chain) =>
        chain[..(chain.IndexOf("-----END CERTIFICATE-----", StringComparison.Ordinal) + "-----END CERTIFICATE-----".Length)] + "\n";

    /// <summary>The same with an RSA key.</summary>
    public static string RsaChain(int bits = 2048, string issuer = "CN=An authority", DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        using RSA key = RSA.Create(bits);
        CertificateRequest request = new("CN=mx.example.com", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        X509SignatureGenerator generator = X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.Create(new X500DistinguishedName(issuer), generator, from ?? From, to ?? To, [1]);
        return $"{key.ExportPkcs8PrivateKeyPem()}\n{certificate.ExportCertificatePem()}\n{(issuer == "CN=mx.example.com" ? "" : Authority())}";
    }

    /// <summary>A certificate that says it is signed with SHA-1: the names of the algorithm are replaced, nobody checks the signature.</summary>
    public static string Sha1()
    {
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(RsaChain());
        byte[] data = certificate.RawData;
        byte[] sha256WithRsa = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B];
        for (int at = data.AsSpan().IndexOf(sha256WithRsa); at >= 0; at = data.AsSpan().IndexOf(sha256WithRsa))
            data[at + sha256WithRsa.Length - 1] = 0x05;
        return PemEncoding.WriteString("CERTIFICATE", data) + "\n" + Authority();
    }
}
