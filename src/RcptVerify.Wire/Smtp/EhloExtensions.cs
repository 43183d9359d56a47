namespace RcptVerify.Wire.Smtp;

/// <summary>The service extensions of an EHLO reply that matter to us; all others are skipped.</summary>
[Flags]
public enum EhloExtensions
{
    /// <summary>No extension, or only unknown ones.</summary>
    None = 0,

    /// <summary>PIPELINING, RFC 2920.</summary>
    Pipelining = 1 << 0,

    /// <summary>CHUNKING (BDAT), RFC 3030.</summary>
    Chunking = 1 << 1,

    /// <summary>STARTTLS, RFC 3207.</summary>
    StartTls = 1 << 2,

    /// <summary>SMTPUTF8, RFC 6531.</summary>
    SmtpUtf8 = 1 << 3,

    /// <summary>8BITMIME, RFC 6152.</summary>
    EightBitMime = 1 << 4,

    /// <summary>ENHANCEDSTATUSCODES, RFC 2034.</summary>
    EnhancedStatusCodes = 1 << 5,

    /// <summary>SIZE, RFC 1870.</summary>
    Size = 1 << 6,

    /// <summary>BINARYMIME, RFC 3030.</summary>
    BinaryMime = 1 << 7,

    /// <summary>DSN, RFC 3461.</summary>
    Dsn = 1 << 8,
}
