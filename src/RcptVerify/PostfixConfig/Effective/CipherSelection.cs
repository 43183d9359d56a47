using RcptVerify.PostfixConfig.Ciphers;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Effective;

/// <summary>The cipher list of a service: tls_set_ciphers of Postfix. It rules TLS 1.2 and before only.</summary>
internal sealed record CipherSelection
{
    /// <summary>The grade's parameter: <c>smtpd_tls_ciphers</c> or <c>smtpd_tls_mandatory_ciphers</c> …</summary>
    public required EffectiveValue Grade { get; init; }

    /// <summary>The parameter whose list the grade selects: <c>tls_medium_cipherlist</c>; null for a grade that is none.</summary>
    public required EffectiveValue? List { get; init; }

    /// <summary>The parameters whose words are excluded.</summary>
    public required IReadOnlyList<EffectiveValue> Exclusions { get; init; }

    /// <summary>What Postfix gives to OpenSSL; empty when it gives nothing.</summary>
    public string Text => field ??= Problem is null ? string.Concat(Parts) : "";

    /// <summary>What <see cref="Text"/> is made of: the list, the exclusions, what Postfix excludes of itself.</summary>
    private string[] Parts { get; init; } = [];

    /// <summary>Why there is no TLS session with these settings; null when there is.</summary>
    public required string? Problem { get; init; }

    /// <summary>The suites in order; null when the library's are not known here or the string is longer than anybody's, empty with a <see cref="Problem"/>.</summary>
    public required IReadOnlyList<CipherSuite>? Suites { get; init; }

    /// <summary>Whether TLS sessions are possible.</summary>
    public bool IsValid => Problem is null;

    /// <summary>Evaluates the lists of a service.</summary>
    /// <param name="parameters">As the daemon sees them.</param>
    /// <param name="prefix"><c>smtpd_tls</c>, <c>smtp_tls</c>, <c>lmtp_tls</c> or <c>tlsproxy_tls</c>.</param>
    /// <param name="mandatory">Whether the mandatory grade and both exclusion lists count.</param>
    /// <param name="always">What Postfix excludes of itself: aNULL where it asks for certificates.</param>
    /// <param name="target">The release and library.</param>
    public static CipherSelection Of(EffectiveParameters parameters, string prefix, bool mandatory, IReadOnlyList<string> always, Target target)
    {
        EffectiveValue grade = parameters[mandatory ? $"{prefix}_mandatory_ciphers" : $"{prefix}_ciphers"];
        string[] names = mandatory ? [$"{prefix}_exclude_ciphers", $"{prefix}_mandatory_exclude_ciphers"] : [$"{prefix}_exclude_ciphers"];
        EffectiveValue[] exclusions = [.. names.Select(name => parameters[name])];
        EffectiveValue? list = ListName(grade.Text, target.Postfix) is string name ? parameters[name] : null;
        ExcludedWords[] excluded = [.. exclusions.Select(value => ExcludedWords.Of(value.Text))];
        string[] parts = [list?.Text ?? "", .. excluded.Select(words => words.Text), .. always.Select(word => ":!" + word)];
        string? problem = list is null ? $"\"{grade.Text}\" is no cipher grade"
            : list.IsEmpty ? $"{list.Name} is empty"
            : excluded.Select(words => words.Signed).FirstOrDefault(word => word is not null) is string bad ? $"\"{bad}\" must not begin with {bad[0]}"
            : null;
        IReadOnlyList<CipherSuite>? suites = [];
        if (problem is null && parts.Sum(part => part.Length) <= CipherString.Longest && CipherSuites.Of(target.OpenSsl) is IReadOnlyList<CipherSuite> known)
        {
            suites = CipherString.Evaluate(string.Concat(parts), known) ?? [];
            problem = suites.Count == 0 ? "the list selects no cipher" : null;
        }
        else if (problem is null)
        {
            suites = null;
        }

        return new CipherSelection { Grade = grade, List = list, Exclusions = exclusions, Parts = parts, Problem = problem, Suites = suites };
    }

    /// <summary>The list of a grade; null when the word is none. Since 3.8 low and export are medium.</summary>
    private static string? ListName(string grade, PostfixVersion version) => grade.ToLowerInvariant() switch
    {
        "high" => "tls_high_cipherlist",
        "medium" => "tls_medium_cipherlist",
        "null" => "tls_null_cipherlist",
        "low" => version.IsAtLeast(3, 8) ? "tls_medium_cipherlist" : "tls_low_cipherlist",
        "export" => version.IsAtLeast(3, 8) ? "tls_medium_cipherlist" : "tls_export_cipherlist",
        _ => null,
    };
}
