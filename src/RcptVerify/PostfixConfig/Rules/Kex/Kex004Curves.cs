using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules.Fixes;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Kex;

/// <summary>Lists of curves without the usual ones, or without the post-quantum hybrid that the default has.</summary>
internal sealed class Kex004Curves : PostfixRule
{
    private const string Parameter = "tls_eecdh_auto_curves";
    private static readonly char[] Separators = [',', ' ', '\t', '\r', '\n', ':', '/'];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        if (!context.Postfix.IsAtLeast(3, 2))
            yield break;
        bool isKnown = context.Target.IsOpenSslKnown;
        bool hasHybrid = context.Postfix.IsAtLeast(3, 11) && (context.Target.OpenSsl.IsAtLeast(3, 5) || !isKnown);
        foreach (EffectiveService service in context.Services.Where(service => service.Tls is { IsActive: true }))
        {
            EffectiveValue curves = service[Parameter];
            if (!curves.IsSet || curves.IsEmpty || curves.Text == PostfixDefaults.Of(Parameter, context.Target) || !IsRead(context, service))
                continue;
            HashSet<string> names = [.. curves.Text.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Select(Canonical)];
            if (names.Contains("default"))
                continue;
            string[] missing = [.. ((string[])["X25519", "P-256"]).Where(curve => !names.Contains(Canonical(curve)))];
            (Severity Severity, string Message)? found = missing.Length > 0
                ? (Severity.Warning, $"the list lacks {string.Join(" and ", missing)}: some peers share no curve with it, or not the one they prefer")
                : hasHybrid && !names.Any(name => name.Contains("mlkem", StringComparison.Ordinal))
                ? (Severity.Notice, $"{(isKnown ? "" : "with OpenSSL 3.5 and later ")}a list of one's own leaves out the post-quantum hybrid X25519MLKEM768, which the default prefers")
                : null;
            if (found is null)
                continue;
            yield return Of(found.Value.Severity, found.Value.Message, curves, service) with
            {
                Fix = "delete the line",
                // What may not be so is not repaired unasked.
                Edits = (isKnown || missing.Length > 0) && context.WrittenAs(curves) is WrittenValue written ? SafeEdits.Delete(context, written, emptyIsDefault: false) : [],
            };
        }
    }

    /// <summary>Before 3.6 a server reads the list at the grade auto only.</summary>
    private static bool IsRead(RuleContext context, EffectiveService service) => service.IsClient || context.Postfix.IsAtLeast(3, 6)
        || service["smtpd_tls_eecdh_grade"].Text.Equals("auto", StringComparison.OrdinalIgnoreCase);

    /// <summary>One spelling for each curve. OpenSSL 3.5 takes signs before a name: ? for "if known", * for a key share, - for "not".</summary>
    private static string Canonical(string name) => name.TrimStart('?', '*').ToLowerInvariant() switch
    {
        "p-256" or "secp256r1" or "prime256v1" => "prime256v1",
        string other => other,
    };
}
