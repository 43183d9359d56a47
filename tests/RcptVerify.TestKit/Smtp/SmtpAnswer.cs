namespace RcptVerify.TestKit.Smtp;

/// <summary>One SMTP reply as a client sees it (RFC 5321 section 4.2).</summary>
/// <param name="Code">The three digits.</param>
/// <param name="Text">What follows them, the lines of a multi-line reply joined by line feeds, enhanced status code included.</param>
public sealed record SmtpAnswer(int Code, string Text)
{
    /// <summary>The reply as one line, "550 5.1.1 User unknown".</summary>
    public override string ToString() => $"{Code} {Text}";
}
