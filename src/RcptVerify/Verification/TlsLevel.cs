namespace RcptVerify.Verification;

/// <summary>TLS towards a server, in the levels of Postfix's smtp_tls_security_level.</summary>
public enum TlsLevel
{
    /// <summary>Clear text.</summary>
    None,

    /// <summary>TLS where offered, clear text otherwise.</summary>
    May,

    /// <summary>TLS, certificate not checked.</summary>
    Encrypt,

    /// <summary>TLS, certificate and name checked.</summary>
    Verify,

    /// <summary>TLS checked against TLSA records (RFC 7672).</summary>
    Dane,
}
