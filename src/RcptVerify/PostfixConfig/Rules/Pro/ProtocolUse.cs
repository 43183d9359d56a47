using RcptVerify.PostfixConfig.Effective;

namespace RcptVerify.PostfixConfig.Rules.Pro;

/// <summary>A protocol list in use.</summary>
/// <param name="Service">The service that uses it.</param>
/// <param name="Lists">The list and its ciphers.</param>
/// <param name="Value">The value to blame.</param>
internal sealed record ProtocolUse(EffectiveService Service, TlsLists Lists, EffectiveValue Value);
