namespace RcptVerify.PostfixConfig.Tls;

/// <summary>Protocol versions of SSL and TLS.</summary>
[Flags]
internal enum TlsProtocols
{
    /// <summary>None: TLS cannot be negotiated.</summary>
    None = 0,

    /// <summary>SSL 2.0.</summary>
    SslV2 = 1,

    /// <summary>SSL 3.0.</summary>
    SslV3 = 2,

    /// <summary>TLS 1.0.</summary>
    TlsV1 = 4,

    /// <summary>TLS 1.1.</summary>
    TlsV11 = 8,

    /// <summary>TLS 1.2.</summary>
    TlsV12 = 16,

    /// <summary>TLS 1.3.</summary>
    TlsV13 = 32,

    /// <summary>What RFC 8996 forbids, and older.</summary>
    Deprecated = SslV2 | SslV3 | TlsV1 | TlsV11,

    /// <summary>All of them.</summary>
    All = Deprecated | TlsV12 | TlsV13,
}
