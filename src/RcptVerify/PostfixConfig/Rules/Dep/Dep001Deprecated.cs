using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Restrictions;
using RcptVerify.PostfixConfig.Rules.Fixes;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Dep;

/// <summary>Parameters and restrictions that this release still takes and warns of, with Postfix's own words.</summary>
internal sealed class Dep001Deprecated : PostfixRule
{
    private const string MxBackup = "permit_mx_backup";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (WrittenValue written in context.ParameterNames.Where(name => Deprecation.Find(name)?.HoldsFor(context.Postfix) == true).SelectMany(context.WrittenAs))
        {
            Deprecation deprecation = Deprecation.Find(written.Name)!;
            bool replaced = deprecation.Replacement.Length > 0;
            yield return Of(
                Severity.Warning,
                $"support for parameter \"{written.Name}\" will be removed; instead, {(replaced ? $"specify \"{deprecation.Replacement}\"" : "do not specify it")}",
                written) with
            {
                Fix = deprecation.IsRename ? $"{deprecation.Replacement} = {written.Raw}" : replaced ? $"see {deprecation.Replacement}" : "delete the line",
                Edits = deprecation.IsRename ? Rename(context, written, deprecation) : [],
            };
        }

        if (!context.Postfix.IsAtLeast(3, 9))
            yield break;
        foreach (EffectiveService service in context.Services.Where(service => service.Daemon == Daemon.Smtpd))
        {
            foreach (Restriction restriction in RestrictionLists.Named(service, MxBackup))
            {
                yield return Of(
                    Severity.Warning,
                    $"support for restriction \"{MxBackup}\" will be removed; instead, specify \"relay_domains\"",
                    restriction.Source,
                    service,
                    restriction.Word) with
                { Fix = "list the domains in relay_domains" };
            }
        }
    }

    /// <summary>The new name in the old one's place, where nothing else bears or refers to either.</summary>
    private static IReadOnlyList<TextEdit> Rename(RuleContext context, WrittenValue written, Deprecation deprecation)
    {
        bool alone = context.WrittenAs(written.Name).Count == 1 && context.WrittenAs(deprecation.Replacement).Count == 0;
        return alone && !context.IsReferredTo(written.Name) && PostfixDefaults.Exists(deprecation.Replacement, context.Postfix)
            ? NameEdits.Rename(written, deprecation.Replacement)
            : [];
    }
}
