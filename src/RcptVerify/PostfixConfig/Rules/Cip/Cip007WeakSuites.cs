using RcptVerify.PostfixConfig.Ciphers;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules.Profiles;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Cip;

/// <summary>TLS 1.2 where it is mandatory: suites that the guideline rejects, or none that the server's key can be used with.</summary>
internal sealed class Cip007WeakSuites : PostfixRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        Exclusions exclusions = new(context);
        foreach (CipherUse use in CipherUse.In(context))
        {
            EffectiveValue cause = Cause(context, use.Ciphers);
            if (SelectsNothing(exclusions, use.Ciphers))
            {
                yield return Of(
                    Severity.Error,
                    "the exclusions leave no suite: no TLS session is made",
                    cause,
                    use.Service) with
                { Effective = "TLS off" };
                continue;
            }

            if (!use.IsEnforced || !use.Ciphers.IsValid || use.Ciphers.Suites is not { Count: > 0 } suites ||
                use.Service.Role == ServiceRole.Internal || !use.Lists.Protocols.Enabled.HasFlag(TlsProtocols.TlsV12))
            {
                continue;
            }

            if (use.Service.IsServer && ServerKeys.Of(context, use.Service) is { Count: > 0 } keys &&
                !suites.Any(suite => keys.Contains(suite.Authentication)))
            {
                yield return Of(
                    Severity.Error,
                    $"no suite of TLS 1.2 is left that the server's {string.Join(" or ", keys.Order(StringComparer.Ordinal))} key can be used with",
                    cause,
                    use.Service) with
                { Effective = "TLS 1.2 fails for every client that wants a certificate" };
            }
            else if (Judge(context, use, suites, cause) is Finding finding)
            {
                yield return finding;
            }
        }
    }

    private Finding? Judge(RuleContext context, CipherUse use, IReadOnlyList<CipherSuite> suites, EffectiveValue cause)
    {
        if (!context.Profile.JudgesDefaults && !IsOwn(context, use.Ciphers))
            return null;
        // Anonymous suites are offered by other Postfixes only, which would not have checked the certificate; those for a DSS key work
        // with a server that has one.
        bool hasNoDss = use.Service.IsServer && use.Service["smtpd_tls_dcert_file"].IsEmpty
            && ServerKeys.Of(context, use.Service)?.Contains("DSS") != true;
        CipherSuite[] named = [.. suites.Where(suite => !suite.IsAnonymous && !(hasNoDss && suite.Authentication == "DSS"))];
        SuiteVerdict worst = named.Any(suite => context.Profile.VerdictOf(suite) == SuiteVerdict.Insufficient) ? SuiteVerdict.Insufficient : SuiteVerdict.PhaseOut;
        CipherSuite[] bad = [.. named.Where(suite => context.Profile.VerdictOf(suite) == worst)];
        if (bad.Length == 0)
            return null;
        CipherSuite[] others = [.. named.Where(suite => context.Profile.VerdictOf(suite) != worst)];
        string name = use.Service.IsClient ? use.Service.Prefix : "smtpd";
        EffectiveValue exclusions = use.Service[$"{name}_tls_mandatory_exclude_ciphers"];
        string[] words = [.. exclusions.Words.Concat(SuiteKinds.WordsAgainst(bad, others)).Distinct(StringComparer.Ordinal)];
        (Severity severity, string does) =
            worst == SuiteVerdict.Insufficient ? (Severity.Warning, "does not allow") : (Severity.Notice, "phases out");
        return Of(
            severity,
            $"TLS 1.2 has suites that {context.Profile.Title} {does}: {SuiteKinds.Text(bad)}",
            cause,
            use.Service) with
        {
            Effective = $"{bad.Length} of {suites.Count} suites of TLS 1.2 and before",
            Fix = $"{exclusions.Name} = {string.Join(", ", words)}",
        };
    }

    /// <summary>The list has suites, words were excluded, and nothing is left.</summary>
    private static bool SelectsNothing(Exclusions exclusions, CipherSelection ciphers) =>
        ciphers.Suites is { Count: 0 } && exclusions.Before(ciphers).Count > 0
        && !ciphers.Grade.Text.Equals("null", StringComparison.OrdinalIgnoreCase) // RV-CIP-005's
        && !ciphers.Exclusions.SelectMany(value => ListWords.Of(value.Text)).Any(word => ExclusionUse.IsSigned(word.Text));

    /// <summary>Whether somebody chose the suites. A grade alone chooses none: high and medium are the same.</summary>
    private static bool IsOwn(RuleContext context, CipherSelection ciphers) =>
        ciphers.List!.IsSet || ciphers.Exclusions.Any(value => context.Origin(value) is { IsSet: true, IsEmpty: false });

    private static EffectiveValue Cause(RuleContext context, CipherSelection ciphers)
    {
        EffectiveValue grade = context.Origin(ciphers.Grade);
        EffectiveValue[] values = [.. ciphers.Exclusions.Reverse().Select(context.Origin), ciphers.List ?? grade, grade];
        return values.FirstOrDefault(value => value is { IsSet: true, IsEmpty: false }) ?? values[^1];
    }
}
