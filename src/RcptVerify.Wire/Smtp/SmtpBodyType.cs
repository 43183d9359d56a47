namespace RcptVerify.Wire.Smtp;

/// <summary>The BODY parameter of MAIL (RFC 6152, RFC 3030).</summary>
public enum SmtpBodyType
{
    /// <summary>No BODY parameter: seven-bit text, as every server takes it.</summary>
    Unspecified = 0,

    /// <summary>BODY=8BITMIME; only when the server announced it.</summary>
    EightBitMime = 1,

    /// <summary>BODY=BINARYMIME; only when the server announced it, and only with BDAT.</summary>
    BinaryMime = 2,
}
