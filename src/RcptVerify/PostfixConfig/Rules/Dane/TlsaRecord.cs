using System.Globalization;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules.Dane;

/// <summary>A TLSA record of a zone file.</summary>
/// <param name="Name">Its owner, small letters, without the last dot.</param>
/// <param name="Usage">Certificate usage, 0 to 255; 0 to 3 mean something.</param>
/// <param name="Selector">0: the certificate, 1: its public key; others, up to 255, mean nothing.</param>
/// <param name="Matching">0: all of it, 1: SHA-256, 2: SHA-512; others, up to 255, mean nothing.</param>
/// <param name="Data">What must match, in base 16 as written, without white space.</param>
/// <param name="Position">Where the three numbers begin.</param>
/// <param name="Length">Of the three numbers; of the first alone where they stand on several lines.</param>
/// <param name="DataPosition">Where the data begins; null when there is none.</param>
/// <param name="DataLength">Of the data's first word.</param>
internal sealed record TlsaRecord(
    string Name, int Usage, int Selector, int Matching, string Data, SourcePosition Position, int Length, SourcePosition? DataPosition, int DataLength)
{
    private const int Sha256Bytes = 32;
    private const int Sha512Bytes = 64;

    // IANA's registry of DNS resource record types: those in use.
    private static readonly HashSet<string> OtherTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        "A", "AAAA", "AFSDB", "APL", "CAA", "CDNSKEY", "CDS", "CERT", "CNAME", "CSYNC", "DHCID", "DLV", "DNAME", "DNSKEY", "DS", "EUI48", "EUI64", "HINFO",
        "HIP", "HTTPS", "IPSECKEY", "KEY", "KX", "LOC", "MX", "NAPTR", "NS", "NSEC", "NSEC3", "NSEC3PARAM", "OPENPGPKEY", "PTR", "RP", "RRSIG", "SIG",
        "SMIMEA", "SOA", "SPF", "SRV", "SSHFP", "SVCB", "TXT", "URI", "ZONEMD",
    };

    /// <summary>What is wrong with the numbers, so that senders cannot use the record: RFC 6698 section 2.1. Null for nothing.</summary>
    public string? NumberFault => Usage > 3 ? $"there is no certificate usage {Usage}"
        : Selector > 1 ? $"there is no selector {Selector}"
        : Matching > 2 ? $"there is no matching type {Matching}"
        : null;

    /// <summary>What is wrong with the data, so that no certificate can match it. Null for nothing.</summary>
    public string? DataFault
    {
        get
        {
            int wanted = Matching == 1 ? Sha256Bytes : Matching == 2 ? Sha512Bytes : 0;
            return Data.Length == 0 ? "there is nothing behind the three numbers"
                : !Data.All(char.IsAsciiHexDigit) ? "what stands behind the three numbers is not hexadecimal"
                : Data.Length % 2 != 0 ? $"the number of hexadecimal digits is odd, {Data.Length}"
                : wanted > 0 && Data.Length / 2 != wanted ? $"matching type {Matching} wants a hash of {wanted} bytes, and here are {Data.Length / 2}"
                : null;
        }
    }

    /// <summary>Whether SMTP clients make use of it: RFC 7672 sections 3.1.1 to 3.1.3.</summary>
    public bool IsUsable => Usage is 2 or 3 && NumberFault is null && DataFault is null;

    /// <summary>Reads a zone file, RFC 1035 section 5.1; what is no TLSA record is passed over.</summary>
    public static IEnumerable<TlsaRecord> Parse(SourceFile file)
    {
        string owner = "";
        foreach (List<ZoneWord> words in ZoneWord.Entries(file))
        {
            int type = words.FindIndex(word => word.Text.Equals("TLSA", StringComparison.OrdinalIgnoreCase));
            // An entry that begins with white space belongs to the owner before it.
            if (words[0].Column == 1 && type != 0)
                owner = words[0].Text.TrimEnd('.').ToLowerInvariant();
            if (type < 0 || words.Count < type + 4 || !Number(words[type + 1].Text, out int usage) ||
                !Number(words[type + 2].Text, out int selector) || !Number(words[type + 3].Text, out int matching))
            {
                continue;
            }

            (ZoneWord first, ZoneWord last) = (words[type + 1], words[type + 3]);
            int length = first.Line == last.Line ? last.Column + last.Text.Length - first.Column : first.Text.Length;
            ZoneWord? data = words.Count > type + 4 ? words[type + 4] : null;
            yield return new TlsaRecord(
                owner, usage, selector, matching, string.Concat(words.Skip(type + 4).Select(word => word.Text)),
                first.PositionIn(file), length, data?.PositionIn(file), data?.Text.Length ?? 0);
        }
    }

    /// <summary>The lines, from 1, that are no record of a zone file, or a TLSA record whose three numbers are none.</summary>
    public static IEnumerable<int> Unreadable(SourceFile file)
    {
        foreach (List<ZoneWord> words in ZoneWord.Entries(file))
        {
            if (words[0].Text.StartsWith('$'))
                continue;
            int type = words.FindIndex(word => word.Text.Equals("TLSA", StringComparison.OrdinalIgnoreCase));
            bool isRead = type < 0
                ? words.Any(word => OtherTypes.Contains(word.Text) || word.Text.StartsWith("TYPE", StringComparison.OrdinalIgnoreCase))
                : words.Count >= type + 4 && words.GetRange(type + 1, 3).TrueForAll(word => Number(word.Text, out _));
            if (!isRead)
                yield return words[0].Line;
        }
    }

    private static bool Number(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= byte.MaxValue;
}
