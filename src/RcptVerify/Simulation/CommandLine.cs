using System.Text;

namespace RcptVerify.Simulation;

/// <summary>One command line taken apart: <c>verb [SP argument]</c> (RFC 5321 4.1.1), the CRLF already cut off.</summary>
internal readonly ref struct CommandLine
{
    public CommandLine(ReadOnlySpan<byte> line)
    {
        int space = line.IndexOf((byte)' ');
        ReadOnlySpan<byte> verb = space < 0 ? line : line[..space];
        Verb = Recognize(verb);
        Argument = space < 0 ? [] : line[(space + 1)..].Trim((byte)' ');
    }

    public SimulationVerb Verb { get; }

    /// <summary>What follows the verb, without the spaces around it.</summary>
    public ReadOnlySpan<byte> Argument { get; }

    private static SimulationVerb Recognize(ReadOnlySpan<byte> verb) => verb.Length switch
    {
        4 when Ascii.EqualsIgnoreCase(verb, "RCPT"u8) => SimulationVerb.Rcpt,
        4 when Ascii.EqualsIgnoreCase(verb, "MAIL"u8) => SimulationVerb.Mail,
        4 when Ascii.EqualsIgnoreCase(verb, "RSET"u8) => SimulationVerb.Rset,
        4 when Ascii.EqualsIgnoreCase(verb, "EHLO"u8) => SimulationVerb.Ehlo,
        4 when Ascii.EqualsIgnoreCase(verb, "HELO"u8) => SimulationVerb.Helo,
        4 when Ascii.EqualsIgnoreCase(verb, "DATA"u8) => SimulationVerb.Data,
        4 when Ascii.EqualsIgnoreCase(verb, "BDAT"u8) => SimulationVerb.Bdat,
        4 when Ascii.EqualsIgnoreCase(verb, "NOOP"u8) => SimulationVerb.Noop,
        4 when Ascii.EqualsIgnoreCase(verb, "VRFY"u8) => SimulationVerb.Vrfy,
        4 when Ascii.EqualsIgnoreCase(verb, "AUTH"u8) => SimulationVerb.Auth,
        4 when Ascii.EqualsIgnoreCase(verb, "QUIT"u8) => SimulationVerb.Quit,
        8 when Ascii.EqualsIgnoreCase(verb, "STARTTLS"u8) => SimulationVerb.StartTls,
        _ => SimulationVerb.Unrecognized,
    };
}
