using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RcptVerify.Simulation;

/// <summary>Certificates for the stand-in Exchange's STARTTLS.</summary>
public static class SimulationCertificate
{
    /// <summary>
    /// A self-signed server certificate (ECDSA P-256) for <paramref name="hostName"/>, valid from an hour ago for a year. It vouches for
    /// nobody: a client with <c>tls = "verify"</c> takes it only when it is in its CA file.
    /// </summary>
    public static X509Certificate2 CreateSelfSigned(string hostName, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X500DistinguishedNameBuilder subject = new();
        subject.AddCommonName(hostName);
        CertificateRequest request = new(subject.Build(), key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(hostName);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], critical: false));
        DateTimeOffset now = timeProvider.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddYears(1));
    }
}
