namespace RcptVerify.PostfixConfig.Effective;

/// <summary>The programs that read what this validator looks at.</summary>
internal enum Daemon
{
    /// <summary>Any other.</summary>
    Other,

    /// <summary>smtpd(8), the server: smtpd_*.</summary>
    Smtpd,

    /// <summary>postscreen(8), before the server: postscreen_*, and tlsproxy_* through tlsproxy(8).</summary>
    Postscreen,

    /// <summary>tlsproxy(8): tlsproxy_*.</summary>
    TlsProxy,

    /// <summary>smtp(8), the client: smtp_*.</summary>
    Smtp,

    /// <summary>lmtp(8), the same program by another name: lmtp_* and nothing of smtp_*.</summary>
    Lmtp,
}
