using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RcptVerify.PostfixConfig.Rules.Files;

/// <summary>Public keys as texts to compare: by their numbers, since one key can be encoded in several ways. Null for kinds other than RSA and ECDSA.</summary>
internal static class PublicKeys
{
    /// <summary>That of a certificate.</summary>
    public static string? Of(X509Certificate2 certificate)
    {
        try
        {
            using RSA? rsa = certificate.GetRSAPublicKey();
            if (rsa is not null)
                return Text(rsa);
            using ECDsa? ecdsa = certificate.GetECDsaPublicKey();
            return ecdsa is null ? null : Text(ecdsa);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            // A curve that the library does not have: the certificate is one all the same.
            return null;
        }
    }

    /// <summary>That of a private key; null also for one that cannot be read.</summary>
    public static string? OfPrivateKey(ReadOnlySpan<char> pem)
    {
        try
        {
            using RSA rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return Text(rsa);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            return OfEcdsa(pem);
        }
    }

    private static string? OfEcdsa(ReadOnlySpan<char> pem)
    {
        try
        {
            using ECDsa ecdsa = ECDsa.Create();
            ecdsa.ImportFromPem(pem);
            return Text(ecdsa);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static string Text(RSA key)
    {
        RSAParameters numbers = key.ExportParameters(includePrivateParameters: false);
        return $"RSA {Convert.ToHexString(numbers.Modulus!)} {Convert.ToHexString(numbers.Exponent!)}";
    }

    private static string Text(ECDsa key)
    {
        ECParameters numbers = key.ExportParameters(includePrivateParameters: false);
        return $"ECDSA {Convert.ToHexString(numbers.Q.X!)} {Convert.ToHexString(numbers.Q.Y!)}";
    }
}
