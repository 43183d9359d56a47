using RcptVerify.PostfixConfig.Effective;

namespace RcptVerify.PostfixConfig.Rules;

/// <summary>Finds what somebody wrote behind a value.</summary>
internal static class Origins
{
    private const int MaxHops = 3;

    /// <summary>
    /// Behind a default that only repeats another parameter, <c>tlsproxy_tls_ciphers = $smtpd_tls_ciphers</c>: that parameter in
    /// main.cf, if it says the same. Else the value itself.
    /// </summary>
    public static EffectiveValue Origin(this RuleContext context, EffectiveValue value)
    {
        for (int hop = 0; hop < MaxHops && !value.IsSet && value.Raw.StartsWith('$') && IsName(value.Raw.AsSpan(1)); hop++)
        {
            EffectiveValue behind = context.Main[value.Raw[1..]];
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

    private static bool IsName(ReadOnlySpan<char> text)
    {
        foreach (char sign in text)
        {
            if (!char.IsAsciiLetterOrDigit(sign) && sign != '_')
                return false;
        }

        return !text.IsEmpty;
    }
}
