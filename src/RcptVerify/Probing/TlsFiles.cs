using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RcptVerify.Telemetry;
using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>
/// The certificates of a route's TLS settings, read when they are first needed and again when a file has changed: a
/// renewed certificate needs no reload. Thread-safe.
/// </summary>
internal sealed class TlsFiles(TlsSettings settings)
{
    private readonly Lock _lock = new();
    private (DateTime Ca, DateTime Certificate, DateTime Key) _times;
    private Contents? _contents;

    /// <exception cref="SmtpConversationException">A file cannot be read or does not hold what it should.</exception>
    public Contents Read()
    {
        lock (_lock)
        {
            (DateTime, DateTime, DateTime) times = (TimeOf(settings.CaFile), TimeOf(settings.CertificateFile), TimeOf(settings.KeyFile));
            if (_contents is null || times != _times)
            {
                // Replaced ones are left to the collector: a handshake may be using them.
                _contents = new Contents(ReadAuthorities(), ReadOwn());
                _times = times;
            }

            return _contents;
        }
    }

    private X509Certificate2Collection? ReadAuthorities()
    {
        if (settings.CaFile.Length == 0 || settings.Level != TlsLevel.Verify)
            return null;
        X509Certificate2Collection authorities = Load("tls_ca_file", settings.CaFile, static file => ImportAll(file));
        return authorities.Count > 0 ? authorities : throw Unusable("tls_ca_file", settings.CaFile, "it holds no certificate");
    }

    private SslStreamCertificateContext? ReadOwn()
    {
        if (settings.CertificateFile.Length == 0)
            return null;
        string keyFile = settings.KeyFile.Length > 0 ? settings.KeyFile : settings.CertificateFile;
        return Load("tls_cert_file", settings.CertificateFile, file =>
            SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(file, keyFile), ImportAll(file), offline: true));
    }

    private static X509Certificate2Collection ImportAll(string file)
    {
        X509Certificate2Collection all = [];
        all.ImportFromPemFile(file);
        return all;
    }

    private static T Load<T>(string key, string file, Func<string, T> load)
    {
        try
        {
            return load(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Unusable(key, file, e.Message, e);
        }
    }

    private static SmtpConversationException Unusable(string key, string file, string why, Exception? cause = null) =>
        new(ProbeStage.StartTls, LogEscape.Text($"{key} {file}: {why}"), cause);

    private static DateTime TimeOf(string file) => file.Length == 0 ? default : File.GetLastWriteTimeUtc(file);

    /// <summary>What the files hold.</summary>
    /// <param name="Authorities">Whom to trust; null for the system's store.</param>
    /// <param name="Own">Our certificate with its key; null for none.</param>
    internal sealed record Contents(X509Certificate2Collection? Authorities, SslStreamCertificateContext? Own);
}
