using RcptVerify.PostfixConfig.Ciphers;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules.Profiles;
using RcptVerify.PostfixConfig.Tls;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Cip;

/// <summary>Postfix's own cipher lists replaced by others: dangerous ones, ones that nobody selects, copies.</summary>
internal sealed class Cip006OverriddenCipherList : PostfixRule
{
    private const string NullList = "tls_null_cipherlist";

    private static readonly string[] Names =
        ["tls_high_cipherlist", "tls_medium_cipherlist", "tls_low_cipherlist", "tls_export_cipherlist", NullList];

    private static readonly string[] Prefixes = ["smtpd_tls", "smtp_tls", "lmtp_tls"];

    private static readonly string[] WeakWords = ["RC4", "DES", "3DES", "EXP", "EXPORT", "EXPORT40", "EXPORT56", "LOW"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        CipherUse[] all = [.. CipherUse.In(context)];
        foreach (string name in Names)
        {
            foreach (WrittenValue written in context.InForce(name))
            {
                EffectiveValue value = context.Evaluate(written);
                if (value.Text == PostfixDefaults.Of(name, context.Target))
                    continue;
                CipherUse[] uses = [.. all.Where(use => IsThat(use.Ciphers.List, written))];
                Finding finding = uses.Length > 0 ? Selected(context, written, value, uses) : Idle(context, written, value);
                yield return finding with { Services = [.. uses.Select(use => use.Service.Id).Distinct()] };
            }
        }
    }

    private static bool IsThat(EffectiveValue? list, WrittenValue written) => list is not null && (written.Entry is not null
        ? list.Override is null && ReferenceEquals(list.Entry, written.Entry)
        : ReferenceEquals(list.Override, written.Override));

    /// <summary>A service of a master.cf that was not given may select it.</summary>
    private Finding Idle(RuleContext context, WrittenValue written, EffectiveValue value)
    {
        if (!context.HasMasterCf && Prefixes.Any(prefix => Selects(context, prefix, false, value.Name) || Selects(context, prefix, true, value.Name)))
            return Selected(context, written, value, []);
        bool hasTable = context.Clients.Any(client => client.Tls is { HasPolicyTable: true });
        string unless = hasTable ? ", unless the TLS policy table asks for the grade" : "";
        return Of(Severity.Warning, $"no service's grade selects this list: it does nothing{unless}", written) with { Fix = "delete the line" };
    }

    private static bool Selects(RuleContext context, string prefix, bool mandatory, string list) =>
        CipherSelection.Of(context.Main, prefix, mandatory, [], context.Target).List?.Name == list;

    private Finding Selected(RuleContext context, WrittenValue written, EffectiveValue value, CipherUse[] uses)
    {
        IReadOnlyList<CipherSuite>? known = value.Text.Length > CipherString.Longest ? null : CipherSuites.Of(context.Target.OpenSsl);
        IReadOnlyList<CipherSuite> suites = known is null ? [] : CipherString.Evaluate(value.Text, known) ?? [];
        if (value.IsEmpty || (known is not null && suites.Count == 0))
            return Of(
                Severity.Error,
                "the list selects no suite: no TLS session is made",
                written) with
            { Effective = "TLS off", Fix = "delete the line" };
        List<string> dangers = [.. Dangers(context, value, suites, uses)];
        if (dangers.Count > 0)
            return Of(Severity.Error, $"the list lets in {string.Join(", ", dangers)}", written) with { Fix = "delete the line" };
        return CopyOf(suites) is (Profile profile, bool isCurrent)
            ? Of(
                Severity.Notice,
                $"Postfix's own list is replaced, for all services of the grade, by {(isCurrent ? "the one of" : "one older than that of")} {profile.Title}",
                written) with
            { Fix = "delete the line" }
            : Of(
                Severity.Warning,
                "Postfix's own list is replaced for all services of the grade, and does not change with Postfix and OpenSSL any more",
                written) with
            { Fix = "delete the line" };
    }

    private static IEnumerable<string> Dangers(RuleContext context, EffectiveValue value, IReadOnlyList<CipherSuite> suites, CipherUse[] uses)
    {
        if (value.Text.Contains("@SECLEVEL=0", StringComparison.Ordinal))
            yield return "what OpenSSL's security levels refuse (@SECLEVEL=0)";
        if (value.Name != NullList && suites.Any(suite => suite.IsNull))
            yield return "suites without encryption";
        string[] weak = context.Target.OpenSsl.IsAtLeast(1, 1) ? []
            : [.. ListWords.Of(value.Text).Select(word => word.Text).Where(IsWeak).Distinct(StringComparer.Ordinal)];
        if (weak.Length > 0)
            yield return Quoted.Words(weak);
        if (uses.Any(use => use.Service.Role == ServiceRole.Submission && use.Ciphers.Suites is { } left && left.Any(suite => suite.IsAnonymous)))
            yield return "suites without authentication where passwords travel";
    }

    private static bool IsWeak(string word) => word[0] is not ('!' or '-') && IsWeakName(word);

    private static bool IsWeakName(string word) => WeakWords.Contains(word) || word.Contains("RC4-", StringComparison.Ordinal)
        || word.Contains("DES-CBC", StringComparison.Ordinal) || word.StartsWith("EXP-", StringComparison.Ordinal);

    /// <summary>The guideline that has, or had, exactly these suites; its first list is the one it has now.</summary>
    private static (Profile Profile, bool IsCurrent)? CopyOf(IReadOnlyList<CipherSuite> suites)
    {
        HashSet<int> ids = [.. suites.Select(suite => suite.Id)];
        if (ids.Count == 0)
            return null;
        foreach (Profile profile in ProfileCatalogue.All)
        {
            string? same = profile.Lists.FirstOrDefault(list =>
                ids.SetEquals((CipherString.Evaluate(list, CipherSuites.Of(OpenSslVersion.Assumed)!) ?? []).Select(suite => suite.Id)));
            if (same is not null)
                return (profile, same == profile.Lists[0]);
        }

        return null;
    }
}
