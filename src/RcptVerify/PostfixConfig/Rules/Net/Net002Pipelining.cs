using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Restrictions;

namespace RcptVerify.PostfixConfig.Rules.Net;

/// <summary>A server that bears clients which send ahead where they must not: what smuggling needs.</summary>
internal sealed class Net002Pipelining : PostfixRule
{
    private const string Parameter = "smtpd_forbid_unauth_pipelining";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        if (!context.Postfix.Has("3.5.20 3.6.10 3.7.6 3.8.1 3.9"))
            yield break;
        foreach (EffectiveService service in BareNewline.PublicServers(context))
        {
            EffectiveValue value = service[Parameter];
            bool isNo = value.Text.Equals("no", StringComparison.OrdinalIgnoreCase);
            if (!isNo || (!value.IsSet && BareNewline.IsForbidden(service, context.Postfix)) || RefusesAtData(service))
                continue;
            yield return Of(
                Severity.Warning,
                "clients may send commands ahead where the protocol forbids it, as mail smuggling and bots do",
                value,
                service) with
            {
                Position = value.Position,
                Effective = value.ToString(),
                Fix = $"{Parameter} = yes",
            };
        }
    }

    /// <summary>The older way to the same end.</summary>
    private static bool RefusesAtData(EffectiveService service) => RestrictionLists.Of(service.Parameters, "smtpd_data_restrictions")
        .Any(restriction => restriction.Is("reject_unauth_pipelining") && !restriction.WarnsOnly);
}
