using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Net;

/// <summary>A server that takes other ends of a message than the standard one: mails can be smuggled in behind others.</summary>
internal sealed class Net001Smuggling : PostfixRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (EffectiveService service in BareNewline.PublicServers(context))
        {
            EffectiveValue value = service[BareNewline.Parameter];
            if (!BareNewline.IsKnown(context.Postfix))
            {
                yield return Of(
                    Severity.Warning,
                    "this release takes a bare newline for a line's end: mail can be smuggled in behind other mail, past SPF and DMARC",
                    parameter: BareNewline.Parameter) with
                {
                    Services = [service.Id],
                    Effective = "no protection",
                    Fix = "needs Postfix 3.5.23, 3.6.13, 3.7.9, 3.8.4 or 3.9",
                };
            }
            else if (BareNewline.IsNo(value))
            {
                // Distributions switch it on in patched builds of the same number: without a patch level the default is not certain.
                bool certain = value.IsSet || context.Postfix.Patch != PostfixVersion.Newest;
                yield return Of(
                    certain ? Severity.Error : Severity.Warning,
                    "a bare newline is taken for a line's end: mail can be smuggled in behind other mail, past SPF and DMARC",
                    value,
                    service) with
                {
                    Position = value.Position,
                    Effective = value.ToString(),
                    Fix = $"{BareNewline.Parameter} = {(context.Postfix.Has("3.5.24 3.6.14 3.7.10 3.8.5 3.9") ? "normalize" : "yes")}",
                };
            }
        }
    }
}
