namespace RcptVerify.PostfixConfig.Effective;

/// <summary>What a service is for. Strictness is judged by it: on port 25 too strict means clear text, RFC 9325 section 5.2.</summary>
internal enum ServiceRole
{
    /// <summary>Neither server nor client of SMTP.</summary>
    None,

    /// <summary>Takes mail from anyone: port 25, postscreen(8) and the smtpd(8) behind it.</summary>
    Mx,

    /// <summary>Takes mail from users: ports 587 and 465, TLS wrapper mode, authentication on any other port.</summary>
    Submission,

    /// <summary>Takes mail on a loopback address only: re-injection behind a filter.</summary>
    Internal,

    /// <summary>Sends mail.</summary>
    Client,

    /// <summary>Sends mail of this host only, which takes none from the network.</summary>
    NullClient,
}
