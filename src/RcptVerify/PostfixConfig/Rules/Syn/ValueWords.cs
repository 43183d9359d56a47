using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Syn;

/// <summary>What a parameter of a fixed set of words takes.</summary>
/// <param name="Words">The words.</param>
/// <param name="IsList">Whether several may stand there.</param>
/// <param name="AnyCase">Whether capitals do not matter: name_code(3) and levels, not name_mask(3).</param>
internal sealed record ValueWords(IReadOnlyList<string> Words, bool IsList, bool AnyCase)
{
    private static readonly string[] Levels = ["none", "may", "encrypt", "verify", "secure", "fingerprint"];

    /// <summary>The words of a parameter in a release; null for one that takes anything, or that is not known here.</summary>
    public static ValueWords? Of(string name, PostfixVersion version) => name switch
    {
        "smtpd_tls_security_level" or "postscreen_tls_security_level" or "tlsproxy_tls_security_level" => One(Levels),
        "smtp_tls_security_level" or "lmtp_tls_security_level" =>
            One(version.IsAtLeast(2, 11) ? [.. Levels, "dane", "dane-only"] : Levels),
        "smtp_tls_dane_insecure_mx_policy" or "lmtp_tls_dane_insecure_mx_policy" => Needed(["may", "encrypt", "dane"]),
        "smtp_address_verify_target" or "lmtp_address_verify_target" => One(["rcpt", "data"]),
        "smtp_dns_support_level" or "lmtp_dns_support_level" => One(["disabled", "enabled", "dnssec"]),
        "smtp_address_preference" or "lmtp_address_preference" => Needed(["any", "ipv4", "ipv6"]),
        "smtp_host_lookup" or "lmtp_host_lookup" => new ValueWords(["dns", "native"], true, false) { IsNeeded = true },
        "smtp_dns_resolver_options" or "lmtp_dns_resolver_options" => new ValueWords(["res_defnames", "res_dnsrch"], true, false),
        "inet_protocols" => new ValueWords(["all", "ipv4", "ipv6"], true, false),
        "smtpd_forbid_bare_newline" => Needed(version.Has("3.5.24 3.6.14 3.7.10 3.8.5 3.9") ? ["yes", "no", "normalize", "reject", "note"] : ["yes", "no"]),
        _ => null,
    };

    /// <summary>Whether a word is one of them.</summary>
    public bool Has(string word) => Words.Contains(word, AnyCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    /// <summary>Whether an empty value is as wrong as an unknown word; where it is not, it means none or is told by another rule.</summary>
    public bool IsNeeded { get; init; }

    private static ValueWords Needed(IReadOnlyList<string> words) => One(words) with { IsNeeded = true };

    private static ValueWords One(IReadOnlyList<string> words) => new(words, false, true);
}
