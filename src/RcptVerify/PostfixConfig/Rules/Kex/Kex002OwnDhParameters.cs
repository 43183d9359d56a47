using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules.Fixes;

namespace RcptVerify.PostfixConfig.Rules.Kex;

/// <summary>Own Diffie-Hellman groups that are no better than Postfix's own.</summary>
internal sealed class Kex002OwnDhParameters : PostfixRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (EffectiveService service in TlsServers.Of(context))
        {
            if (DhParameters.Of(context, service) is not DhParameters group || group.Bits < DhParameters.Enough)
                continue;
            // Before 3.1 the built-in group had 1024 bits: a longer one of one's own is better, up to a point.
            if (!context.Postfix.IsAtLeast(3, 1) && group.Bits is null or <= DhParameters.Most)
                continue;
            string message = group.Bits > DhParameters.Most
                ? $"a group of {group.Bits} bits makes each handshake dear for the server and not for its peer"
                : context.Profile.RejectsOwnDhGroups ? $"groups of one's own are insufficient for {context.Profile.Title}"
                : "the group of one's own is no better than the built-in one";
            bool warns = context.Postfix.IsAtLeast(3, 9) || context.Profile.RejectsOwnDhGroups;
            yield return Of(warns ? Severity.Warning : Severity.Notice, message, group.Value, service) with
            {
                Fix = context.Postfix.IsAtLeast(3, 1) ? "delete the line" : "a group of 2048 to 4096 bits",
                Edits = context.Postfix.IsAtLeast(3, 1) && context.WrittenAs(group.Value) is WrittenValue written ? SafeEdits.Delete(context, written, emptyIsDefault: true) : [],
            };
        }
    }
}
