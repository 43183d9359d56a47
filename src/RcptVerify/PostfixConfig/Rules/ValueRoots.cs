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
        for (int step = 0; step < MaxSteps && NameReferences.Only(root.Raw) is string name; step++)
            root = ParametersOf(root.Name, context, service)[name];
        return root.IsSet && root.Text == value.Text ? root : value;
    }

    /// <summary>
    /// Behind a default that only repeats another parameter, <c>tlsproxy_tls_ciphers = $smtpd_tls_ciphers</c>: that parameter in
    /// main.cf, if it says the same. Else the value itself: one that somebody wrote is his, whatever it refers to.
    /// </summary>
    public static EffectiveValue Origin(this RuleContext context, EffectiveValue value)
    {
        for (int step = 0; step < MaxSteps && !value.IsSet && NameReferences.Only(value.Raw) is string name; step++)
        {
            EffectiveValue behind = context.Main[name];
            if (behind.Text != value.Text)
                break;
            value = behind;
        }

        return value;
    }

    /// <summary>The definition a value comes from; null for a default.</summary>
    public static WrittenValue? WrittenAs(this RuleContext context, EffectiveValue value) => value.IsSet
        ? context.WrittenAs(value.Name).FirstOrDefault(written => value.Override is null
            ? ReferenceEquals(written.Entry, value.Entry) : ReferenceEquals(written.Override, value.Override))
        : null;

    /// <summary>The value as a definition that edits can change; null for a default.</summary>
    public static WrittenValue? Written(EffectiveValue value, EffectiveService service) => value.IsSet
        ? new WrittenValue(value.Name, value.Raw, value.Override is null ? null : service, value.Entry, value.Override)
        : null;

    /// <summary>postscreen(8) has its TLS lists from tlsproxy(8), which has its own options.</summary>
    private static EffectiveParameters ParametersOf(string name, RuleContext context, EffectiveService? service) =>
        service is null ? context.Main
        : service.Daemon == Daemon.Postscreen && name.StartsWith("tlsproxy_", StringComparison.Ordinal)
            ? context.Services.FirstOrDefault(other => other.Daemon == Daemon.TlsProxy)?.Parameters ?? context.Main
            : service.Parameters;
}
