using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Text;

namespace RcptVerify.Wire.Smtp;

/// <summary>A next hop that somebody wrote into Postfix's configuration, as its SMTP client reads it.</summary>
/// <param name="Host">A host name in lower case, or an IP address without brackets.</param>
/// <param name="Port">TCP port, 1 to 65535.</param>
/// <param name="Address">The host, where it is an address.</param>
/// <param name="HasMx">Whether Postfix asks DNS for the name's MX records: it does where there are no brackets.</param>
public readonly record struct SmtpNextHop(string Host, int Port, IPAddress? Address, bool HasMx)
{
    // Grammar (transport(5), "RESULT FORMAT"; Postfix smtp_connect.c, smtp_parse_destination; host names RFC 1123 section 2.1):
    //
    //   next-hop  = "[" host "]" [ ":" port ]  /  name ":" port  /  ipv4 ":" port
    //   host      = name / ipv4 / [ "ipv6:" ] ipv6
    //   name      = label *( "." label )          letters, digits, "-" and "_"; the last label is no number
    //   port      = "1"-"9" *4DIGIT               up to 65535; service names are not taken
    //
    // A name alone is left out on purpose: it is what a domain without any entry has for a next hop, the domain itself. So are
    // lists of next hops, "inet:" and "unix:" of lmtp(8), and the error(8) transport's text.

    /// <summary>The longest one, in bytes: a name of 253, brackets, a colon and five digits.</summary>
    public const int MaxBytes = 261;

    private const int DefaultPort = 25;
    private const int MaxNameBytes = 253;
    private const int MaxLabelBytes = 63;
    private const int MaxPort = 65_535;

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"u8);
    private static readonly SearchValues<byte> AddressBytes = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    /// <summary>Reads one.</summary>
    /// <param name="text">As Postfix writes it, for example into the macro <c>{rcpt_host}</c>.</param>
    /// <param name="nextHop">The next hop.</param>
    /// <returns>False where it is none of these forms.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out SmtpNextHop nextHop)
    {
        nextHop = default;
        if (text.Length is 0 or > MaxBytes)
            return false;
        bool bracketed = text[0] == '[';
        int end = text.IndexOf(bracketed ? (byte)']' : (byte)':');
        if (end < 0)
            return false;
        ReadOnlySpan<byte> rest = text[(bracketed ? end + 1 : end)..];
        int port = DefaultPort;
        if (!rest.IsEmpty && (rest[0] != ':' || !TryReadPort(rest[1..], out port)))
            return false;
        ReadOnlySpan<byte> host = bracketed ? text[1..end] : text[..end];
        if (TryReadAddress(host, out IPAddress? address))
            nextHop = new(address!.ToString(), port, address, HasMx: false);
        else if (IsName(host))
            nextHop = new(Encoding.ASCII.GetString(host).ToLowerInvariant(), port, null, HasMx: !bracketed);
        return nextHop.Host is not null;
    }

    /// <summary>As Postfix writes it, always with its port.</summary>
    public override string ToString() => HasMx ? $"{Host}:{Port}" : $"[{Host}]:{Port}";

    private static bool TryReadPort(ReadOnlySpan<byte> text, out int port)
    {
        port = 0;
        return text.Length is > 0 and <= 5 && text[0] != '0' && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && Utf8Parser.TryParse(text, out port, out int read) && read == text.Length && port <= MaxPort;
    }

    /// <summary>The parser takes more than Postfix does ("1", "0x7f.1", "fe80::1%eth0"): only what it writes itself counts.</summary>
    private static bool TryReadAddress(ReadOnlySpan<byte> host, out IPAddress? address)
    {
        ReadOnlySpan<byte> tag = "ipv6:"u8; // RFC 5321 section 4.1.3; Postfix takes it in any case
        bool tagged = host.Length > tag.Length && Ascii.EqualsIgnoreCase(host[..tag.Length], tag);
        host = tagged ? host[tag.Length..] : host;
        bool ipv6 = host.Contains((byte)':');
        address = null;
        if ((tagged && !ipv6) || host.ContainsAnyExcept(AddressBytes))
            return false;
        string text = Encoding.ASCII.GetString(host);
        return IPAddress.TryParse(text, out address) && (ipv6 || address.ToString() == text);
    }

    /// <summary>RFC 1123 section 2.1; a last label that is a number, or could be read as one, is no name's.</summary>
    private static bool IsName(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > MaxNameBytes || name.ContainsAnyExcept(NameBytes))
            return false;
        ReadOnlySpan<byte> label = default;
        foreach (Range part in name.Split((byte)'.'))
        {
            label = name[part];
            if (label.Length is 0 or > MaxLabelBytes || label[0] == '-' || label[^1] == '-')
                return false;
        }

        return label.ContainsAnyExceptInRange((byte)'0', (byte)'9') && !(label.StartsWith("0x"u8) || label.StartsWith("0X"u8));
    }
}
