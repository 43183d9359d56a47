using System.Security.Cryptography.X509Certificates;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Tls;

namespace RcptVerify.TestKit.Redis;

/// <summary>An authority, and what it issued to a redis-server and to its client, as PEM files in a folder of their own.</summary>
public sealed class RedisCertificates : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>Issues them.</summary>
    /// <param name="server">The name or address in the server's certificate.</param>
    /// <param name="expired">Whether that certificate has expired.</param>
    /// <param name="issuer">The authority's name.</param>
    public RedisCertificates(string server = "127.0.0.1", bool expired = false, string issuer = "Authority of one Redis")
    {
        using X509Certificate2 authority = TestCertificates.CreateAuthority(issuer);
        _folder.Write("ca.crt", authority.ExportCertificatePem());
        Write("server", TestCertificates.Issue(authority, server, expired));
        Write("client", TestCertificates.Issue(authority, "mx1.example"));
    }

    /// <summary>The authority's certificate.</summary>
    public string CaFile => _folder.Combine("ca.crt");

    /// <summary>The client's certificate.</summary>
    public string ClientCertFile => _folder.Combine("client.crt");

    /// <summary>Its key.</summary>
    public string ClientKeyFile => _folder.Combine("client.key");

    /// <summary>redis.conf's directives for a server with them.</summary>
    /// <param name="port">Where it speaks TLS, and nothing but TLS.</param>
    public string[] ServerArguments(string port) =>
    [
        "--port", "0", "--tls-port", port, "--tls-cert-file", _folder.Combine("server.crt"), "--tls-key-file", _folder.Combine("server.key"),
        "--tls-ca-cert-file", CaFile,
    ];

    /// <summary>redis-cli's arguments for such a server.</summary>
    public string[] CliArguments => ["--tls", "--insecure", "--cert", ClientCertFile, "--key", ClientKeyFile];

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private void Write(string name, X509Certificate2 certificate)
    {
        using (certificate)
        {
            _folder.Write(name + ".crt", certificate.ExportCertificatePem());
            _folder.Write(name + ".key", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        }
    }
}
