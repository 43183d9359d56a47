namespace RcptVerify.Wire.Policy;

/// <summary>
/// The SMTP stage at which Postfix asks: the value of <c>protocol_state</c> (SMTPD_POLICY_README).
/// Postfix reports BDAT as DATA.
/// </summary>
public enum PolicyProtocolState
{
    /// <summary>Absent, or a word that no Postfix release to 3.12 sends.</summary>
    Unknown,

    /// <summary><c>CONNECT</c></summary>
    Connect,

    /// <summary><c>EHLO</c></summary>
    Ehlo,

    /// <summary><c>HELO</c></summary>
    Helo,

    /// <summary><c>MAIL</c></summary>
    Mail,

    /// <summary><c>RCPT</c>: the only stage at which each recipient is named.</summary>
    Rcpt,

    /// <summary><c>DATA</c>: <c>recipient</c> is empty unless exactly one was accepted.</summary>
    Data,

    /// <summary><c>END-OF-MESSAGE</c>: as <see cref="Data"/>, and <c>size</c> is the real one.</summary>
    EndOfMessage,

    /// <summary><c>VRFY</c></summary>
    Vrfy,

    /// <summary><c>ETRN</c></summary>
    Etrn,
}

internal static class PolicyProtocolStates
{
    /// <summary>Postfix sends these words in upper case; anything else is <see cref="PolicyProtocolState.Unknown"/>.</summary>
    public static PolicyProtocolState Parse(ReadOnlySpan<byte> value)
    {
        return value switch
        {
            _ when value.SequenceEqual("RCPT"u8) => PolicyProtocolState.Rcpt,
            _ when value.SequenceEqual("DATA"u8) => PolicyProtocolState.Data,
            _ when value.SequenceEqual("END-OF-MESSAGE"u8) => PolicyProtocolState.EndOfMessage,
            _ when value.SequenceEqual("MAIL"u8) => PolicyProtocolState.Mail,
            _ when value.SequenceEqual("EHLO"u8) => PolicyProtocolState.Ehlo,
            _ when value.SequenceEqual("HELO"u8) => PolicyProtocolState.Helo,
            _ when value.SequenceEqual("CONNECT"u8) => PolicyProtocolState.Connect,
            _ when value.SequenceEqual("VRFY"u8) => PolicyProtocolState.Vrfy,
            _ when value.SequenceEqual("ETRN"u8) => PolicyProtocolState.Etrn,
            _ => PolicyProtocolState.Unknown,
        };
    }
}
