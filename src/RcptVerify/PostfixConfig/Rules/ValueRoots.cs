using RcptVerify.PostfixConfig.Effective;

namespace RcptVerify.PostfixConfig.Rules;

/// <summary>Follows values that are nothing but another parameter's, so that one cause is found at one place.</summary>
internal static class ValueRoots
{
    private const int MaxSteps = 20;

    /// <summary>
    /// The value behind <c>$name</c>: <c>smtpd_tls_protocols</c> for the default of <c>tlsproxy_tls_protocols</c>. The value itself
    /// when it is no plain reference, or one to nothing that is written.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="context">What it is a part of.</param>
    /// <param name="service">The service it holds for; null for main.cf alone.</param>
    public static EffectiveValue Of(EffectiveValue value, RuleContext context, EffectiveService? service)
    {
        EffectiveValue root = value;
        for (int step = 0; step < MaxSteps && Reference(root.Raw) is string name; step++)
            root = ParametersOf(root.Name, context, service)[name];
        return root.IsSet && root.Text == value.Text ? root : value;
    }

    /// <summary>The value as a definition that edits can change; null for a default.</summary>
    public static WrittenValue? Written(EffectiveValue value, EffectiveService service) => value.IsSet
        ? new WrittenValue(value.Name, value.Raw, value.Override is null ? null : service, value.Entry, value.Override)
        : null;

    /// <summary>The name of <c>$name</c>, <c>${name}</c> or <c>$(name)</c> and nothing else; null for anything else.</summary>
    private static string? Reference(string raw)
    {
        if (raw.Length < 2 || raw[0] != '$')
            return null;
        string name = raw[1] is '{' or '(' && raw[^1] is '}' or ')' ? raw[2..^1] : raw[1..];
        return name.Length > 0 && name.All(sign => char.IsAsciiLetterOrDigit(sign) || sign == '_') ? name : null;
    }

    /// <summary>postscreen(8) has its TLS lists from tlsproxy(8), which has its own options.</summary>
    private static EffectiveParameters ParametersOf(string name, RuleContext context, EffectiveService? service) =>
        service is null ? context.Main
        : service.Daemon == Daemon.Postscreen && name.StartsWith("tlsproxy_", StringComparison.Ordinal)
            ? context.Services.FirstOrDefault(other => other.Daemon == Daemon.TlsProxy)?.Parameters ?? context.Main
            : service.Parameters;
}
