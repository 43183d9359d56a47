namespace RcptVerify.PostfixConfig.Tls;

/// <summary>A word of a protocol list.</summary>
/// <param name="Text">As written.</param>
/// <param name="Offset">Where it begins in the expanded value.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Protocol">The protocol it includes or excludes, else none.</param>
/// <param name="Bound">The bound of a floor or ceiling as a number on the wire, 0 for none; else 0.</param>
internal sealed record ProtocolToken(string Text, int Offset, ProtocolTokenKind Kind, TlsProtocols Protocol, int Bound)
{
    private const int Lowest = 0x0300;
    private const int Highest = 0x0304;

    /// <summary>Whether it has the form of a bound and names no version: <c>&gt;=</c>, <c>&gt;=none</c>, <c>&gt;=0305</c>.</summary>
    public bool BoundsNothing => Kind is ProtocolTokenKind.Floor or ProtocolTokenKind.Ceiling && Bound is (< Lowest or > Highest);
}
