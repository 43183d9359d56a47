using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RcptVerify.TestKit.Tls;

/// <summary>A certification authority of the tests' own.</summary>
public static class TestCertificates
{
    /// <summary>An authority, valid for a year around now.</summary>
    /// <param name="name">Its name.</param>
    public static X509Certificate2 CreateAuthority(string name = "Test authority")
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-200), now.AddDays(200));
    }

    /// <summary>A certificate for a host name or address.</summary>
    /// <param name="authority">Signs it.</param>
    /// <param name="name">Host name or IP address.</param>
    /// <param name="expired">Valid until yesterday, not until tomorrow.</param>
    public static X509Certificate2 Issue(X509Certificate2 authority, string name, bool expired = false)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=A server", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        if (IPAddress.TryParse(name, out IPAddress? address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 issued = request.Create(authority, now.AddDays(-100), now.AddDays(expired ? -1 : 1), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }
}
