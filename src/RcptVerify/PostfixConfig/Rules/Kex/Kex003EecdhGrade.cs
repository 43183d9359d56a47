using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules.Fixes;

namespace RcptVerify.PostfixConfig.Rules.Kex;

/// <summary>A choice of curve that is ignored since 3.6, and was mostly wrong before.</summary>
internal sealed class Kex003EecdhGrade : PostfixRule
{
    private const string Parameter = "smtpd_tls_eecdh_grade";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (EffectiveService service in TlsServers.Of(context))
        {
            EffectiveValue grade = service[Parameter];
            if (!grade.IsSet || Judge(context, grade.Text.ToLowerInvariant()) is not (Severity severity, string message))
                continue;
            yield return Of(severity, message, grade, service) with
            {
                Fix = "delete the line",
                Edits = context.WrittenAs(grade) is WrittenValue written ? SafeEdits.Delete(context, written, emptyIsDefault: false) : [],
            };
        }
    }

    private static (Severity, string)? Judge(RuleContext context, string grade)
    {
        if (context.Postfix.IsAtLeast(3, 6))
            return (context.Postfix.IsAtLeast(3, 9) ? Severity.Warning : Severity.Notice, "the parameter is ignored: client and server agree on a curve");
        return grade switch
        {
            "none" when !context.Postfix.IsAtLeast(3, 4) => (Severity.Error, "elliptic curves are off, and most forward secrecy with them"),
            "none" => (Severity.Notice, "the grade none is not supported any more"),
            "ultra" => (Severity.Warning, "the server insists on P-384, which some clients lack"),
            "strong" when context.Postfix.IsAtLeast(3, 2) => (Severity.Notice, "the server is pinned to P-256, where auto offers X25519 as well"),
            _ => null,
        };
    }
}
