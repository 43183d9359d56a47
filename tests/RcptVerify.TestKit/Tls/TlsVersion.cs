namespace RcptVerify.TestKit.Tls;

/// <summary>A TLS version as it stands on the wire (RFC 5246 appendix E, RFC 8446 section 4.1.2).</summary>
public enum TlsVersion
{
    /// <summary>TLS 1.0.</summary>
    Tls10 = 0x0301,

    /// <summary>TLS 1.1.</summary>
    Tls11 = 0x0302,

    /// <summary>TLS 1.2.</summary>
    Tls12 = 0x0303,

    /// <summary>TLS 1.3.</summary>
    Tls13 = 0x0304,
}
