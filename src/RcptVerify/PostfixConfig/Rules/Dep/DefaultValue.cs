using System.Globalization;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Restrictions;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Dep;

/// <summary>Whether a value is what Postfix would take anyway.</summary>
internal static class DefaultValue
{
    /// <summary>No default is longer, nor does any come near it, characters.</summary>
    private const int LongestDefault = 10_000;

    private static readonly string[] Families =
        ["smtpd_", "smtp_", "lmtp_", "tls_", "tlsproxy_", "postscreen_", "address_verify_", "unverified_recipient_", "unverified_sender_"];

    /// <summary>
    /// Whether defaults of that parameter are looked at: those of SMTP, TLS and verification. Paths, names and interfaces are written
    /// out by distributions, and who may do what, and the level of TLS, are better said than left to a default.
    /// </summary>
    public static bool IsJudged(string name) => Families.Any(family => name.StartsWith(family, StringComparison.Ordinal))
        && !name.EndsWith("_restrictions", StringComparison.Ordinal)
        && !name.EndsWith("_tls_security_level", StringComparison.Ordinal)
        && Deprecation.Find(name) is null;

    /// <summary>Whether a value is the default, as written or as it comes out.</summary>
    /// <param name="value">The value.</param>
    /// <param name="main">What the default is expanded with.</param>
    /// <param name="target">The release.</param>
    public static bool Is(EffectiveValue value, EffectiveParameters main, Target target)
    {
        ParameterHistory? history = PostfixDefaults.Find(value.Name);
        if (history?.At(target.Postfix, target.OpenSsl)?.Value is not string standard)
            return false;
        if (Same(value.Raw, standard, history.Type))
            return true;
        // What depends on stress is two values, of which one is seen here.
        if (value.Raw.Contains("stress", StringComparison.Ordinal))
            return false;
        // What inherits another parameter follows it when that one changes; a value that is the same today does not.
        return !IsReference(standard) && Same(value.Text, main.Expand(standard).Text, history.Type);
    }

    /// <summary>A time in seconds; null for what is none.</summary>
    public static long? Seconds(string time)
    {
        if (time.Length == 0)
            return null;
        int unit = time[^1] switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            'w' => 604_800,
            _ => 0,
        };
        ReadOnlySpan<char> digits = unit == 0 ? time : time.AsSpan(0, time.Length - 1);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number * (long)Math.Max(unit, 1) : null;
    }

    private static bool Same(string left, string right, ParameterType type) => type switch
    {
        ParameterType.Boolean => left.Equals(right, StringComparison.OrdinalIgnoreCase),
        ParameterType.Time when HasUnit(left) && HasUnit(right) && Seconds(left) is long first => first == Seconds(right),
        _ when left.Length > LongestDefault => false,
        _ => RestrictionLists.Words(left).Select(word => word.Text).SequenceEqual(RestrictionLists.Words(right).Select(word => word.Text)),
    };

    /// <summary>Without a unit the parameter decides what a number means.</summary>
    private static bool HasUnit(string time) => time.Length > 0 && char.IsAsciiLetter(time[^1]);

    private static bool IsReference(string standard) => standard.StartsWith('$')
        && standard[1..].Trim('{', '}').All(sign => char.IsAsciiLetterOrDigit(sign) || sign == '_');
}
