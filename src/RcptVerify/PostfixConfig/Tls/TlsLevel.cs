namespace RcptVerify.PostfixConfig.Tls;

/// <summary>Security levels of Postfix, TLS_README, in rising order.</summary>
internal enum TlsLevel
{
    /// <summary>A word that is no level. A server does not start with it, a client defers its mail.</summary>
    Invalid,

    /// <summary>No TLS.</summary>
    None,

    /// <summary>TLS where both sides can.</summary>
    May,

    /// <summary>No mail without TLS.</summary>
    Encrypt,

    /// <summary>TLSA records where there are, else may.</summary>
    Dane,

    /// <summary>TLSA records or no mail.</summary>
    DaneOnly,

    /// <summary>The certificate must be one of the listed.</summary>
    Fingerprint,

    /// <summary>The certificate must bear the server's name.</summary>
    Verify,

    /// <summary>The certificate must bear the domain's name.</summary>
    Secure,
}
