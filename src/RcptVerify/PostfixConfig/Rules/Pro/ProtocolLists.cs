using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules.Fixes;

namespace RcptVerify.PostfixConfig.Rules.Pro;

/// <summary>The protocol lists that something negotiates with.</summary>
internal static class ProtocolLists
{
    /// <summary>Every list in use, with the value to blame: <c>smtpd_tls_protocols</c> where postscreen(8) inherits it.</summary>
    public static IEnumerable<ProtocolUse> InUse(RuleContext context)
    {
        foreach (EffectiveService service in context.Services)
        {
            foreach (TlsLists lists in service.Tls?.Used ?? [])
                yield return new ProtocolUse(service, lists, ValueRoots.Of(lists.ProtocolsValue, context, service));
        }
    }

    /// <summary>The same, less what no peer ever sees: the lists of a server without a certificate.</summary>
    public static IEnumerable<ProtocolUse> Negotiated(RuleContext context) =>
        InUse(context).Where(use => use.Service.Tls!.HasCertificate && use.Lists.Protocols.IsValid);

    /// <summary>The edit that gives a parameter another list; empty where it is a default or made of other values.</summary>
    public static IReadOnlyList<TextEdit> Replace(EffectiveValue value, EffectiveService service, string list) =>
        value.Raw == value.Text && ValueRoots.Written(value, service) is WrittenValue written
            ? Edits.SetValue(written, value.Override is { Braces: false } ? list.Replace(", ", ",", StringComparison.Ordinal) : list)
            : [];
}
