using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Tls;

/// <summary>Protocol names as Postfix writes them, and the releases that know them.</summary>
internal static class TlsProtocolNames
{
    private static readonly Row[] Table =
    [
        new(TlsProtocols.SslV2, "SSLv2", 0x0200),
        new(TlsProtocols.SslV3, "SSLv3", 0x0300),
        new(TlsProtocols.TlsV1, "TLSv1", 0x0301),
        new(TlsProtocols.TlsV11, "TLSv1.1", 0x0302),
        new(TlsProtocols.TlsV12, "TLSv1.2", 0x0303),
        new(TlsProtocols.TlsV13, "TLSv1.3", 0x0304),
    ];

    /// <summary>The names of a set, oldest first.</summary>
    public static IReadOnlyList<string> Of(TlsProtocols protocols) =>
        [.. Table.Where(row => (protocols & row.Protocol) != TlsProtocols.None).Select(row => row.Name)];

    /// <summary>The set in one line, "none" when empty.</summary>
    public static string Text(TlsProtocols protocols) => protocols == TlsProtocols.None ? "none" : string.Join(", ", Of(protocols));

    /// <summary>The protocol of a name, in any case; null when it is none.</summary>
    public static TlsProtocols? Find(string name)
    {
        foreach ((TlsProtocols protocol, string known, _) in Table)
        {
            if (known.Equals(name, StringComparison.OrdinalIgnoreCase))
                return protocol;
        }

        return null;
    }

    /// <summary>The number on the wire of a name; null for a name that is none. SSL 2.0 is no bound for Postfix.</summary>
    public static int? Number(string name)
    {
        if (name.Equals("None", StringComparison.OrdinalIgnoreCase))
            return 0;
        foreach ((TlsProtocols protocol, string known, int number) in Table)
        {
            if (protocol != TlsProtocols.SslV2 && known.Equals(name, StringComparison.OrdinalIgnoreCase))
                return number;
        }

        return null;
    }

    /// <summary>The protocols below a number.</summary>
    public static TlsProtocols Below(int number) => Sum(row => row < number);

    /// <summary>The protocols above a number.</summary>
    public static TlsProtocols Above(int number) => Sum(row => row > number);

    /// <summary>The protocols a release knows by name. What it does not know, it cannot switch off.</summary>
    public static TlsProtocols KnownTo(PostfixVersion version)
    {
        TlsProtocols known = TlsProtocols.SslV2 | TlsProtocols.SslV3 | TlsProtocols.TlsV1;
        if (version.Has("2.6.15 2.7.9 2.8.10 2.9.2 2.10"))
            known |= TlsProtocols.TlsV11 | TlsProtocols.TlsV12;
        if (version.IsAtLeast(3, 0))
            known |= TlsProtocols.TlsV13;
        return known;
    }

    /// <summary>What the usual build of a library speaks: no SSL 2.0 and 3.0 since 1.1.0.</summary>
    public static TlsProtocols BuiltInto(OpenSslVersion openSsl)
    {
        TlsProtocols built = TlsProtocols.TlsV1;
        if (openSsl.IsAtLeast(1, 0, 1))
            built |= TlsProtocols.TlsV11 | TlsProtocols.TlsV12;
        if (openSsl.IsAtLeast(1, 1, 1))
            built |= TlsProtocols.TlsV13;
        if (!openSsl.IsAtLeast(1, 1, 0))
            built |= TlsProtocols.SslV2 | TlsProtocols.SslV3;
        return built;
    }

    /// <summary>
    /// What the headers of a library have a name for. For Postfix any other name is a word for nothing (tls.h, SSL_TXT_SSLV2): a list
    /// that includes SSLv2 alone includes nothing, and switches nothing off.
    /// </summary>
    public static TlsProtocols NamedBy(OpenSslVersion openSsl) =>
        BuiltInto(openSsl) | TlsProtocols.SslV3 | (openSsl.IsAtLeast(1, 1, 0) ? TlsProtocols.None : TlsProtocols.SslV2);

    private static TlsProtocols Sum(Func<int, bool> holds)
    {
        TlsProtocols sum = TlsProtocols.None;
        foreach (Row row in Table)
        {
            if (holds(row.Number))
                sum |= row.Protocol;
        }

        return sum;
    }

    private sealed record Row(TlsProtocols Protocol, string Name, int Number);
}
