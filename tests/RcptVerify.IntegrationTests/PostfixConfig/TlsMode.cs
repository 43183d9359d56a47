namespace RcptVerify.IntegrationTests.PostfixConfig;

/// <summary>The ways an smtpd(8) comes to TLS; each looks at another pair of parameters (TLS_README).</summary>
public enum TlsMode
{
    /// <summary>smtpd_tls_security_level = may.</summary>
    Opportunistic,

    /// <summary>smtpd_tls_security_level = encrypt.</summary>
    Mandatory,

    /// <summary>smtpd_tls_wrappermode = yes; the level is not looked at.</summary>
    Wrapper,
}
