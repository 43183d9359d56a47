using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RcptVerify.Telemetry;
using StackExchange.Redis;

namespace RcptVerify.Caching;

/// <summary>
/// TLS towards Redis: the client's own, and with <see cref="RedisServerSettings.CaFile"/> these authorities and no others. Remembers
/// why a certificate did not pass, which the client does not tell.
/// <para>
/// With files of ours revocation is checked only where the connection string asks for it: authorities of one's own mostly publish no
/// list, and one that cannot be had refuses the certificate. Without files the client's default holds, which checks.
/// </para>
/// </summary>
internal sealed class RedisTls
{
    private readonly RedisServerSettings _settings;
    private readonly SslProtocols _protocols;
    private readonly X509RevocationMode _revocation;
    private volatile string? _refused;

    /// <param name="settings">The files.</param>
    /// <param name="options">The connection string, read; gets what belongs to TLS.</param>
    public RedisTls(RedisServerSettings settings, ConfigurationOptions options)
    {
        _settings = settings;
        _protocols = options.SslProtocols ?? SslProtocols.None; // None: the system's choice
        bool asked = settings.ConnectionString.Contains(nameof(options.CheckCertificateRevocation) + "=", StringComparison.OrdinalIgnoreCase);
        _revocation = asked && options.CheckCertificateRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck;
        if (!options.Ssl)
            return;
        options.CertificateValidation += (connection, _, chain, errors) => Check((connection as SslStream)?.TargetHostName, chain, errors);
        if (settings.CaFile.Length > 0 || settings.CertFile.Length > 0)
            options.SslClientAuthenticationOptions = OptionsFor;
    }

    /// <summary>Why the last handshake failed, as far as it was our decision; null when it did not.</summary>
    public string? Refused => _refused;

    private SslClientAuthenticationOptions OptionsFor(string host)
    {
        X509ChainPolicy policy = new() { RevocationMode = _revocation, DisableCertificateDownloads = _revocation == X509RevocationMode.NoCheck };
        if (_settings.CaFile.Length > 0)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(Load("redis_ca_file", _settings.CaFile, ImportAll));
        }

        return new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = _protocols,
            CertificateChainPolicy = policy,
            ClientCertificateContext = _settings.CertFile.Length > 0 ? Load("redis_cert_file", _settings.CertFile, OwnCertificate) : null,
            AllowTlsResume = false, // each connection's certificate is looked at
        };
    }

    private bool Check(string? host, X509Chain? chain, SslPolicyErrors errors)
    {
        _refused = errors == SslPolicyErrors.None ? null : "its certificate is not accepted: " + CertificateFault.Describe(host, chain, errors);
        return errors == SslPolicyErrors.None;
    }

    private SslStreamCertificateContext OwnCertificate(string file)
    {
        string keyFile = _settings.KeyFile.Length > 0 ? _settings.KeyFile : file;
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(file, keyFile), ImportAll(file), offline: true);
    }

    private static X509Certificate2Collection ImportAll(string file)
    {
        X509Certificate2Collection all = [];
        all.ImportFromPemFile(file);
        return all.Count > 0 ? all : throw new CryptographicException("it holds no certificate");
    }

    /// <exception cref="AuthenticationException">A file cannot be used: no connection, and the client tries again.</exception>
    private T Load<T>(string key, string file, Func<string, T> load)
    {
        try
        {
            return load(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            _refused = $"{key} {file}: {e.Message}";
            throw new AuthenticationException(_refused, e);
        }
    }
}
