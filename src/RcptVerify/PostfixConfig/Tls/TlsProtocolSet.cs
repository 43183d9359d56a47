using System.Globalization;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Tls;

/// <summary>
/// What a <c>*_tls_protocols</c> or <c>*_tls_mandatory_protocols</c> value means for a release: tls_proto_mask_lims of Postfix 3.6,
/// tls_protocol_mask of the ones before. One unknown word makes the whole list invalid, and with it TLS is off.
/// </summary>
internal sealed record TlsProtocolSet
{
    /// <summary>After so many words that are none the rest is not read: one of them makes a list void.</summary>
    private const int MostInvalid = 100;

    private const int LowestBound = 0x0300;
    private const int HighestBound = 0x0304;

    /// <summary>The value, expanded.</summary>
    public required string Value { get; init; }

    /// <summary>Its words.</summary>
    public required IReadOnlyList<ProtocolToken> Tokens { get; init; }

    /// <summary>Whether the release takes the list. If not, a server offers no TLS and a client falls to clear text at level may.</summary>
    public bool IsValid => Tokens.All(token => token.Kind != ProtocolTokenKind.Invalid);

    /// <summary>What the list leaves on, whatever the library has of it; none when the list is invalid.</summary>
    public required TlsProtocols Allowed { get; init; }

    /// <summary><see cref="Allowed"/> as far as the usual build of the library speaks it: what a peer of a server can negotiate.</summary>
    public required TlsProtocols Enabled { get; init; }

    /// <summary>Whether a word names what is on (<c>TLSv1.2</c>), which switches off all that is not named.</summary>
    public bool HasInclusions => Tokens.Any(token => token.Kind == ProtocolTokenKind.Include);

    /// <summary>
    /// What a client offers of <see cref="Enabled"/>. OpenSSL's client cannot offer a range with a hole in it: it takes the lowest part.
    /// </summary>
    public TlsProtocols OfferedByClient
    {
        get
        {
            TlsProtocols offered = TlsProtocols.None;
            for (TlsProtocols protocol = TlsProtocols.SslV2; protocol <= TlsProtocols.TlsV13; protocol = (TlsProtocols)((int)protocol << 1))
            {
                if (Enabled.HasFlag(protocol))
                    offered |= protocol;
                else if (offered != TlsProtocols.None)
                    break;
            }

            return offered;
        }
    }

    /// <summary>Evaluates a value.</summary>
    /// <param name="value">Expanded.</param>
    /// <param name="target">The release and library.</param>
    public static TlsProtocolSet Parse(string value, Target target)
    {
        List<ProtocolToken> tokens = Read(value, target.Postfix);
        TlsProtocols known = TlsProtocolNames.KnownTo(target.Postfix);
        TlsProtocols included = Sum(tokens, ProtocolTokenKind.Include) & TlsProtocolNames.NamedBy(target.OpenSsl);
        TlsProtocols excluded = Sum(tokens, ProtocolTokenKind.Exclude);
        if (included != TlsProtocols.None)
            excluded |= known & ~included;
        TlsProtocols allowed = TlsProtocols.All & ~excluded & ~Outside(tokens);
        if (tokens.Any(token => token.Kind == ProtocolTokenKind.Invalid))
            allowed = TlsProtocols.None;
        return new TlsProtocolSet
        {
            Value = value,
            Tokens = tokens,
            Allowed = allowed,
            Enabled = allowed & TlsProtocolNames.BuiltInto(target.OpenSsl),
        };
    }

    /// <summary>The words; of a list that is void anyway no more than the first ones.</summary>
    private static List<ProtocolToken> Read(string value, PostfixVersion version)
    {
        List<ProtocolToken> tokens = [];
        int invalid = 0;
        foreach (Word word in ListWords.Of(value))
        {
            ProtocolToken token = Token(word.Text, word.Offset, version);
            tokens.Add(token);
            if (token.Kind == ProtocolTokenKind.Invalid && ++invalid == MostInvalid)
                break;
        }

        return tokens;
    }

    /// <summary>The protocols of the words of one kind.</summary>
    public static TlsProtocols Sum(IReadOnlyList<ProtocolToken> tokens, ProtocolTokenKind kind)
    {
        TlsProtocols sum = TlsProtocols.None;
        foreach (ProtocolToken token in tokens)
        {
            if (token.Kind == kind)
                sum |= token.Protocol;
        }

        return sum;
    }

    /// <summary>What lies outside the last floor and the last ceiling. A bound OpenSSL does not know is refused by it, and nobody looks.</summary>
    private static TlsProtocols Outside(List<ProtocolToken> tokens)
    {
        int floor = tokens.LastOrDefault(token => token.Kind == ProtocolTokenKind.Floor)?.Bound ?? 0;
        int ceiling = tokens.LastOrDefault(token => token.Kind == ProtocolTokenKind.Ceiling)?.Bound ?? 0;
        TlsProtocols outside = TlsProtocols.None;
        if (floor is >= LowestBound and <= HighestBound)
            outside |= TlsProtocolNames.Below(floor);
        if (ceiling is >= LowestBound and <= HighestBound)
            outside |= TlsProtocolNames.Above(ceiling);
        return outside;
    }

    private static ProtocolToken Token(string text, int offset, PostfixVersion version)
    {
        if (version.IsAtLeast(3, 6) && (text.StartsWith(">=", StringComparison.Ordinal) || text.StartsWith("<=", StringComparison.Ordinal)))
        {
            ProtocolTokenKind kind = text[0] == '>' ? ProtocolTokenKind.Floor : ProtocolTokenKind.Ceiling;
            return Bound(text[2..]) is int bound
                ? new ProtocolToken(text, offset, kind, TlsProtocols.None, bound)
                : new ProtocolToken(text, offset, ProtocolTokenKind.Invalid, TlsProtocols.None, 0);
        }

        bool exclude = text[0] == '!';
        TlsProtocols? protocol = TlsProtocolNames.Find(exclude ? text[1..] : text);
        return protocol is null || !TlsProtocolNames.KnownTo(version).HasFlag(protocol.Value)
            ? new ProtocolToken(text, offset, ProtocolTokenKind.Invalid, TlsProtocols.None, 0)
            : new ProtocolToken(text, offset, exclude ? ProtocolTokenKind.Exclude : ProtocolTokenKind.Include, protocol.Value, 0);
    }

    /// <summary>A name or a number in base 16, as strtoul(3) takes it; the empty text is 0.</summary>
    private static int? Bound(string text)
    {
        if (TlsProtocolNames.Number(text) is int number)
            return number;
        string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        if (digits.Length == 0)
            return 0;
        return int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int hex) && hex >= 0 ? hex : null;
    }
}
