using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using RcptVerify.Telemetry;
using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>
/// The client's side of TLS towards one server, as its route wants it: what is offered, and what is asked of the server's
/// certificate. Revocation is not checked and nothing is downloaded, as with Postfix.
/// </summary>
internal sealed class TlsClient(TlsSettings settings, string host)
{
    private readonly TlsFiles _files = new(settings);

    /// <summary>Never <see cref="TlsLevel.None"/>.</summary>
    public TlsLevel Level => settings.Level;

    /// <summary>Whether a server without TLS is not to be asked.</summary>
    public bool IsRequired => settings.Level > TlsLevel.May;

    /// <summary>Options for one handshake.</summary>
    /// <param name="refused">Is told why the certificate does not pass.</param>
    /// <exception cref="SmtpConversationException">A file of the settings cannot be used.</exception>
    public SslClientAuthenticationOptions CreateOptions(Action<string> refused)
    {
        TlsFiles.Contents files = _files.Read();
        X509ChainPolicy policy = new() { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (files.Authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(files.Authorities);
        }

        return new SslClientAuthenticationOptions
        {
            TargetHost = host, // also the server name indication, unless it is an address
            EnabledSslProtocols = Protocols,
            CertificateChainPolicy = policy,
            ClientCertificateContext = files.Own,
            AllowTlsResume = false, // a session begun unchecked must not spare another one its check
            RemoteCertificateValidationCallback = (_, _, chain, errors) =>
            {
                if (errors == SslPolicyErrors.None || settings.Level != TlsLevel.Verify)
                    return true;
                refused("the server's certificate is not accepted: " + CertificateFault.Describe(host, chain, errors));
                return false;
            },
        };
    }

    // Numbers for TLS 1.0 and 1.1, whose names are marked obsolete.
    [SuppressMessage("Security", "CA5397", Justification = "Only where the administrator of an old Exchange asks for it: tls_min_version")]
    private SslProtocols Protocols => settings.MinVersion switch
    {
        TlsVersion.Tls10 => (SslProtocols)0x00C0 | (SslProtocols)0x0300 | SslProtocols.Tls12 | SslProtocols.Tls13,
        TlsVersion.Tls11 => (SslProtocols)0x0300 | SslProtocols.Tls12 | SslProtocols.Tls13,
        TlsVersion.Tls12 => SslProtocols.Tls12 | SslProtocols.Tls13,
        _ => SslProtocols.Tls13,
    };
}
