using System.Net;
using System.Net.Sockets;

namespace RcptVerify.Configuration;

/// <summary>The mail names of the configuration: HELO names, senders, recipient domains, accepted recipients.</summary>
internal static class MailNames
{
    // RFC 5321 4.5.3.1.1 and 4.5.3.1.3, the path without its angle brackets.
    private const int MaxLocalPartLength = 64;
    private const int MaxAddressLength = 254;

    private const string AtextSpecials = "!#$%&'*+-/=?^_`{|}~";

    /// <summary>Empty, a host name, or an address literal (RFC 5321 4.1.1.1).</summary>
    public static bool TryHelo(string text, out string helo)
    {
        helo = text;
        return text.Length == 0 || IsAddressLiteral(text) || HostNameSyntax.TryNormalize(text, out helo);
    }

    /// <summary>Empty, <c>&lt;&gt;</c>, or an address whose local part needs neither quotes nor SMTPUTF8.</summary>
    public static bool TrySender(string text, out string sender)
    {
        sender = text;
        return text is "" or "<>" || TryAddress(text, IsDotAtom, out sender);
    }

    /// <summary><c>*</c>, <c>domain</c> or <c>.domain</c>; the domain in A-labels and lower case.</summary>
    public static bool TryDomainPattern(string text, out string pattern)
    {
        pattern = text;
        if (text == "*")
            return true;
        bool subdomains = text.StartsWith('.');
        if (!HostNameSyntax.TryNormalize(subdomains ? text[1..] : text, out string domain))
            return false;
        pattern = subdomains ? $".{domain}" : domain;
        return true;
    }

    /// <summary>A local part, or an address whose domain comes out in A-labels and lower case. The local part stays as written.</summary>
    public static bool TryAcceptEntry(string text, out string entry)
    {
        entry = text;
        return text.Contains('@', StringComparison.Ordinal) ? TryAddress(text, IsLocalPart, out entry) : IsLocalPart(text);
    }

    private static bool TryAddress(string text, Predicate<string> isLocalPart, out string address)
    {
        int at = text.LastIndexOf('@');
        address = "";
        if (at < 0 || !isLocalPart(text[..at]) || !HostNameSyntax.TryNormalize(text[(at + 1)..], out string domain))
            return false;
        address = $"{text[..at]}@{domain}";
        return address.Length <= MaxAddressLength;
    }

    private static bool IsLocalPart(string text) =>
        text.Length is > 0 and <= MaxLocalPartLength && !text.Any(c => c == '@' || char.IsControl(c) || char.IsWhiteSpace(c));

    private static bool IsDotAtom(string text) =>
        IsLocalPart(text) && Array.TrueForAll(text.Split('.'), atom => atom.Length > 0 && atom.All(IsAtext));

    private static bool IsAtext(char c) => char.IsAsciiLetterOrDigit(c) || AtextSpecials.Contains(c, StringComparison.Ordinal);

    private static bool IsIPv4(IPAddress address, string text) =>
        address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text;

    private static bool IsAddressLiteral(string text)
    {
        if (text.Length < 3 || text[0] != '[' || text[^1] != ']')
            return false;
        string inner = text[1..^1];
        bool ipv6 = inner.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase);
        if (!IPAddress.TryParse(ipv6 ? inner["IPv6:".Length..] : inner, out IPAddress? address))
            return false;
        return ipv6 ? address.AddressFamily == AddressFamily.InterNetworkV6 : IsIPv4(address, inner);
    }
}
