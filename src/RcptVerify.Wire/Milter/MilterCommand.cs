namespace RcptVerify.Wire.Milter;

/// <summary>What a mail server tells its filter: the byte on the wire (libmilter's mfdef.h, SMFIC_…).</summary>
public enum MilterCommand : byte
{
    /// <summary>No command.</summary>
    None = 0,

    /// <summary>The transaction is over before its end, or one that has ended is cleared away. Never answered.</summary>
    Abort = (byte)'A',

    /// <summary>A piece of the body.</summary>
    Body = (byte)'B',

    /// <summary>An SMTP client has connected: name and address.</summary>
    Connect = (byte)'C',

    /// <summary>Macros for the command that follows. Never answered.</summary>
    Macro = (byte)'D',

    /// <summary>The end of the message. No bit masks it: it is always sent.</summary>
    EndOfBody = (byte)'E',

    /// <summary>HELO or EHLO.</summary>
    Helo = (byte)'H',

    /// <summary>The SMTP session is over, the connection stays for another one. Never answered.</summary>
    QuitNewConnection = (byte)'K',

    /// <summary>A header.</summary>
    Header = (byte)'L',

    /// <summary>MAIL FROM.</summary>
    Mail = (byte)'M',

    /// <summary>The end of the headers.</summary>
    EndOfHeaders = (byte)'N',

    /// <summary>The negotiation of options, first on every connection.</summary>
    Negotiate = (byte)'O',

    /// <summary>The connection is over. Never answered.</summary>
    Quit = (byte)'Q',

    /// <summary>RCPT TO.</summary>
    Rcpt = (byte)'R',

    /// <summary>DATA.</summary>
    Data = (byte)'T',

    /// <summary>A command that the mail server does not know.</summary>
    Unknown = (byte)'U',
}
