namespace RcptVerify.Verification;

/// <summary>Versions of TLS, oldest first.</summary>
public enum TlsVersion
{
    /// <summary>TLS 1.0 (RFC 2246), which RFC 8996 forbids and Exchange 2010 on an old Windows speaks.</summary>
    Tls10,

    /// <summary>TLS 1.1 (RFC 4346), forbidden by RFC 8996.</summary>
    Tls11,

    /// <summary>TLS 1.2 (RFC 5246).</summary>
    Tls12,

    /// <summary>TLS 1.3 (RFC 8446).</summary>
    Tls13,
}

/// <summary>How a route's servers are spoken to under TLS. Compared by value: sessions are shared only where it is the same.</summary>
public sealed record TlsSettings
{
    /// <summary>Default <see cref="TlsLevel.May"/>. <see cref="TlsLevel.Dane"/> does not come here.</summary>
    public TlsLevel Level { get; init; } = TlsLevel.May;

    /// <summary>PEM file of the authorities that <see cref="TlsLevel.Verify"/> trusts. Default empty: the system's.</summary>
    public string CaFile { get; init; } = "";

    /// <summary>PEM file of our own certificate, its intermediate ones behind it, for servers that ask for one. Default empty: none.</summary>
    public string CertificateFile { get; init; } = "";

    /// <summary>PEM file of its private key, without a passphrase. Default empty: in <see cref="CertificateFile"/>.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>Oldest version spoken. Default 1.2; what lies below may be forbidden by the system's OpenSSL nevertheless.</summary>
    public TlsVersion MinVersion { get; init; } = TlsVersion.Tls12;
}
