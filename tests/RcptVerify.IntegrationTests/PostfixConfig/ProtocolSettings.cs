namespace RcptVerify.IntegrationTests.PostfixConfig;

/// <summary>Values of smtpd_tls_protocols and its mandatory sister, in every form postconf(5) knows and in some it refuses.</summary>
internal static class ProtocolSettings
{
    private const int Count = 340;

    private static readonly string[] Picked =
    [
        "", "!SSLv2, !SSLv3", "!SSLv2,!SSLv3,!TLSv1,!TLSv1.1", "TLSv1.2, TLSv1.1, !TLSv1, !SSLv2, !SSLv3", "TLSv1.2 TLSv1.3", "TLSv1.3",
        ">=TLSv1", ">=TLSv1.1", ">=TLSv1.2", ">=TLSv1.3", "<=TLSv1", "<=TLSv1.1", "<=TLSv1.2", "<=TLSv1.3", ">=TLSv1.2,!TLSv1.3",
        ">=TLSv1.2, <=TLSv1.2", ">=TLSv1.3, <=TLSv1.2", "TLSv1.2, !TLSv1.2", ">= TLSv1.2", ">=0303", ">=303", ">=0x0303", "<=0302",
        ">=0301:<=0x303", ">=TLSv1.2 >=TLSv1", "<=TLSv1 <=TLSv1.3", ">=SSLv3", "<=SSLv3", "SSLv3, TLSv1", "!SSLv3", "SSLv2", "SSLv3",
        ">TLSv1.2", ">=TLS1.2", "all", "ALL", "ITLSv1", "TLSv1.0", "TLSv1.4", "!TLSv1.0", "tlsv1.2", "!tlsv1", ">=tlsv1.2", "TLSV1.3 tlsV1.1",
        "!TLSv1.2", "!TLSv1.1", "!TLSv1.3", "!TLSv1", "!TLSv1:!TLSv1.1", "TLSv1:TLSv1.2", ",TLSv1.2,", "TLSv1.2;TLSv1.3", "TLSv1.2|TLSv1.3",
        ">=", "<=", "!", "! TLSv1", ">=TLSv1.2 foo", "foo", ">=0304", ">=0x0304", "<=0300", ">=03zz", "<=0x0303 !0x0301", "0x0303",
        ">=TLSv1.2,,<=TLSv1.3", "TLSv1.1 TLSv1.1", "!TLSv1 TLSv1", ">=TLSv1 !TLSv1.1 !TLSv1.3", ">=TLSv1.1 TLSv1.3", "<=TLSv1.2 TLSv1.3",
        "-TLSv1", "+TLSv1.2", "=TLSv1.2", "==TLSv1.2", "TLSv1.2!", "TLSv1.2 # modern", "none", "may", "TLSv1.2 or newer",
    ];

    private static readonly string[] Names = ["SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3", "tlsv1.2", "TLSV1", "TlsV1.3"];
    private static readonly string[] Bounds = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3", "tlsv1.2", "SSLv3", "0301", "0302", "0x303", "304"];
    private static readonly string[] Wrong = ["TLSv1.0", "SSLv23", ">TLSv1", "TLSv2", "=>TLSv1.2", "!all"];
    private static readonly string[] Separators = [" ", ", ", ",", ":", "  ", " : "];

    /// <summary>All of them, each once; the same at every run.</summary>
    public static IReadOnlyList<string> All { get; } = Make();

    private static List<string> Make()
    {
        Random random = new(20150720); // the day SSLv3 left the defaults
        List<string> all = [.. Picked.Distinct(StringComparer.Ordinal)];
        HashSet<string> known = new(all, StringComparer.Ordinal);
        while (all.Count < Count)
        {
            string separator = Pick(random, Separators);
            string value = string.Join(separator, Enumerable.Range(0, random.Next(1, 6)).Select(_ => Token(random)));
            if (known.Add(value))
            {
                all.Add(value);
            }
        }

        return all;
    }

    private static string Token(Random random) => random.Next(20) switch
    {
        < 7 => "!" + Pick(random, Names),
        < 13 => Pick(random, Names),
        < 16 => ">=" + Pick(random, Bounds),
        < 19 => "<=" + Pick(random, Bounds),
        _ => Pick(random, Wrong),
    };

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}
