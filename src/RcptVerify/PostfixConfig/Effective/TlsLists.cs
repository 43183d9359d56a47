using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Effective;

/// <summary>The protocols and ciphers of one of the two ways a service may negotiate: opportunistic or mandatory. They never mix.</summary>
/// <param name="IsMandatory">Which of the two.</param>
/// <param name="ProtocolsValue">The parameter of the protocols.</param>
/// <param name="Protocols">What it means.</param>
/// <param name="Ciphers">The ciphers.</param>
internal sealed record TlsLists(bool IsMandatory, EffectiveValue ProtocolsValue, TlsProtocolSet Protocols, CipherSelection Ciphers)
{
    /// <summary>Whether TLS can be negotiated at all with these.</summary>
    public bool IsUsable => Protocols.IsValid && Protocols.Enabled != TlsProtocols.None && Ciphers.IsValid;
}
