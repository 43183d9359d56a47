namespace RcptVerify.Wire.Tests.Smtp;

/// <summary>Replies of Exchange servers and Exchange Online, one of each kind a probe meets.</summary>
internal static class ExchangeReplies
{
    public const string Ehlo =
        "250-ex.example.com Hello [192.0.2.70]\r\n250-SIZE 52428800\r\n250-PIPELINING\r\n250-DSN\r\n250-ENHANCEDSTATUSCODES\r\n" +
        "250-STARTTLS\r\n250-X-ANONYMOUSTLS\r\n250-AUTH NTLM\r\n250-X-EXPS GSSAPI NTLM\r\n250-8BITMIME\r\n250-BINARYMIME\r\n" +
        "250-CHUNKING\r\n250 XRDST\r\n";

    /// <summary>Wire form, code, enhanced code, text.</summary>
    public static readonly (string Wire, int Code, string Enhanced, string Text)[] All =
    [
        ("220 ex.example.com Microsoft ESMTP MAIL Service ready at Wed, 25 Feb 2015 17:28:37 +0100\r\n", 220, "",
            "ex.example.com Microsoft ESMTP MAIL Service ready at Wed, 25 Feb 2015 17:28:37 +0100"),
        (Ehlo, 250, "",
            "ex.example.com Hello [192.0.2.70] SIZE 52428800 PIPELINING DSN ENHANCEDSTATUSCODES STARTTLS X-ANONYMOUSTLS AUTH NTLM " +
            "X-EXPS GSSAPI NTLM 8BITMIME BINARYMIME CHUNKING XRDST"),
        ("250 2.1.0 Sender OK\r\n", 250, "2.1.0", "Sender OK"),
        ("250 2.1.5 Recipient OK\r\n", 250, "2.1.5", "Recipient OK"),
        ("354 Start mail input; end with <CRLF>.<CRLF>\r\n", 354, "", "Start mail input; end with <CRLF>.<CRLF>"),
        ("550 5.1.1 User unknown\r\n", 550, "5.1.1", "User unknown"),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup\r\n", 550, "5.1.10",
            "RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"),
        ("550 5.4.1 [user@example.com]: Recipient address rejected: Access denied. AS(201806281) [host.example.com]\r\n", 550, "5.4.1",
            "[user@example.com]: Recipient address rejected: Access denied. AS(201806281) [host.example.com]"),
        ("550 5.7.64 TenantAttribution; Relay Access Denied\r\n", 550, "5.7.64", "TenantAttribution; Relay Access Denied"),
        ("451 4.7.500 Server busy\r\n", 451, "4.7.500", "Server busy"),
        ("452 4.3.1 Insufficient system resources\r\n", 452, "4.3.1", "Insufficient system resources"),
        ("421 4.3.2 The maximum number of concurrent server connections has exceeded a limit, closing transmission channel\r\n", 421,
            "4.3.2", "The maximum number of concurrent server connections has exceeded a limit, closing transmission channel"),
        ("221 2.0.0 Service closing transmission channel\r\n", 221, "2.0.0", "Service closing transmission channel"),
        ("550-5.7.1 Service unavailable, client host blocked\r\n550-5.7.1 see https://example.net/why\r\n550 5.7.1\r\n", 550, "5.7.1",
            "Service unavailable, client host blocked see https://example.net/why"),
    ];
}
