using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace RcptVerify.PostfixConfig.Rules.Net;

/// <summary>One word of mynetworks that is an address or a network, as match_ops.c and cidr_match.c of Postfix read it.</summary>
/// <param name="Address">The address, without brackets; null when it cannot be read.</param>
/// <param name="Prefix">How many bits of it count.</param>
/// <param name="Error">Why Postfix cannot use it; null when it can.</param>
internal sealed record NetworkPattern(IPAddress? Address, int Prefix, string? Error)
{
    private static readonly SearchValues<char> Signs = SearchValues.Create("0123456789abcdefABCDEF.:[]/");

    private static readonly NetworkPattern[] Private =
    [
        Of("10.0.0.0/8"), Of("172.16.0.0/12"), Of("192.168.0.0/16"), Of("127.0.0.0/8"), Of("169.254.0.0/16"), Of("100.64.0.0/10"),
        Of("[fc00::]/7"), Of("[fe80::]/10"), Of("[::1]/128"),
    ];

    /// <summary>Whether it is of IPv6.</summary>
    public bool IsV6 => Address?.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>Whether it lies in a network that is not routed on the internet.</summary>
    public bool IsPrivate => Private.Any(network => network.IsV6 == IsV6 && Prefix >= network.Prefix && network.Holds(Address!));

    /// <summary>Reads a word.</summary>
    /// <returns>Null for what is no network: names, files, tables.</returns>
    public static NetworkPattern? TryParse(string word)
    {
        bool brackets = word.StartsWith('[');
        if (!brackets && word.Contains(':', StringComparison.Ordinal))
        {
            // A colon outside brackets makes it type:table for Postfix; only an address was never meant as one.
            string address = word.Split('/')[0];
            return address.Count(sign => sign == ':') > 1 && IPAddress.TryParse(address, out _)
                ? Bad(word[0] == ':'
                    ? "an IPv6 address needs brackets: without them it is taken for a lookup table without a type, and smtpd(8) does not start"
                    : "an IPv6 address needs brackets: without them it is taken for a lookup table, and lookups fail")
                : null;
        }

        if (!word.AsSpan().ContainsAny(':', '/'))
        {
            // It is compared as a text: what is no address never matches, and does no harm.
            string plain = brackets && word.EndsWith(']') ? word[1..^1] : word;
            return IsAddress(plain) ? Of(plain) : null;
        }

        if (word[0] == '/' || word.AsSpan().IndexOfAnyExcept(Signs) >= 0 || (!brackets && !char.IsAsciiDigit(word[0])))
            return null;
        return Of(word);
    }

    private static NetworkPattern Of(string word)
    {
        int close = word.IndexOf(']', StringComparison.Ordinal);
        bool brackets = word.StartsWith('[');
        if (brackets && close < 0)
            return Bad("the closing bracket is missing: lookups fail");
        string inside = brackets ? word[1..close] : word;
        string behind = brackets ? word[(close + 1)..] : "";
        if (behind.Length > 0 && behind[0] != '/')
            return Bad("text behind the bracket: lookups fail");
        string whole = inside + behind;
        int slash = whole.IndexOf('/', StringComparison.Ordinal);
        string text = slash < 0 ? whole : whole[..slash];
        if (!IsAddress(text) || !IPAddress.TryParse(text, out IPAddress? address))
            return Bad("no address: lookups fail, and clients are put off");
        int bits = address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32;
        if (slash < 0)
            return new NetworkPattern(address, bits, null);
        if (!int.TryParse(whole.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int prefix) || prefix > bits)
            return Bad("no length of a prefix behind the slash: lookups fail, and clients are put off");
        NetworkPattern pattern = new(address, prefix, null);
        return pattern.HasHostBits
            ? pattern with { Error = $"bits behind the prefix are set: lookups fail, and clients are put off; {pattern.Base} is meant" }
            : pattern;
    }

    /// <summary>The network that is meant, <c>192.168.0.0/24</c>.</summary>
    private string Base
    {
        get
        {
            byte[] bytes = Address!.GetAddressBytes();
            for (int bit = Prefix; bit < bytes.Length * 8; bit++)
                bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
            IPAddress network = new(bytes);
            return IsV6 ? $"[{network}]/{Prefix}" : $"{network}/{Prefix}";
        }
    }

    private bool HasHostBits
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            Address!.TryWriteBytes(bytes, out int length);
            int whole = Prefix / 8;
            return whole < length
                && ((bytes[whole] & (0xff >> (Prefix % 8))) != 0 || bytes[(whole + 1)..length].IndexOfAnyExcept((byte)0) >= 0);
        }
    }

    /// <summary>Whether an address of the same family is in this network.</summary>
    public bool Holds(IPAddress address)
    {
        Span<byte> mine = stackalloc byte[16];
        Span<byte> other = stackalloc byte[16];
        return Address!.TryWriteBytes(mine, out int length) && address.TryWriteBytes(other, out int otherLength) && length == otherLength
            && mine[..(Prefix / 8)].SequenceEqual(other[..(Prefix / 8)])
            && (Prefix % 8 == 0 || (mine[Prefix / 8] ^ other[Prefix / 8]) >> (8 - (Prefix % 8)) == 0);
    }

    /// <summary>Whether it is an address in full: .NET takes shortened ones of IPv4 as well.</summary>
    private static bool IsAddress(string text) => IPAddress.TryParse(text, out _)
        && !text.Contains('[', StringComparison.Ordinal)
        && (text.Contains(':', StringComparison.Ordinal) || text.Count(sign => sign == '.') == 3);

    private static NetworkPattern Bad(string error) => new(null, 0, error);
}
