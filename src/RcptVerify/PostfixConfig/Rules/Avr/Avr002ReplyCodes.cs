using RcptVerify.PostfixConfig.Effective;

namespace RcptVerify.PostfixConfig.Rules.Avr;

/// <summary>What the server answers when verification found something: codes that take the mail, or refuse it for good, and the text.</summary>
internal sealed class Avr002ReplyCodes : PostfixRule
{
    private const string RejectCode = "unverified_recipient_reject_code";
    private const string DeferCode = "unverified_recipient_defer_code";
    private const string Reason = "unverified_recipient_reject_reason";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (EffectiveService service in Verification.PublicServers(context).Where(Verification.RefusesRecipients))
        {
            bool isMx = service.Role == ServiceRole.Mx;
            EffectiveValue reject = service[RejectCode];
            EffectiveValue defer = service[DeferCode];
            EffectiveValue reason = service[Reason];
            if (ClassOf(reject) == 2)
            {
                yield return About(reject, service, Severity.Error, "mail for recipients that are known not to exist is taken: it comes back to senders that never wrote it")
                    with
                { Effective = "unknown recipients are accepted", Fix = $"{RejectCode} = 550" };
            }
            else if (ClassOf(reject) == 4 && isMx)
            {
                yield return About(reject, service, Severity.Notice, "unknown recipients are refused for the time being only: senders try again for days")
                    with
                { Effective = reject.Text, Fix = $"{RejectCode} = 550, once verification has been seen to work" };
            }

            if (service.Parameters.Exists(DeferCode) && ClassOf(defer) is 2 or 5)
            {
                string message = ClassOf(defer) == 2
                    ? "while a recipient cannot be verified any recipient is taken: what does not exist comes back to senders that never wrote it"
                    : "while a recipient cannot be verified good mail is refused for good";
                yield return About(defer, service, Severity.Error, message) with { Effective = defer.Text, Fix = $"{DeferCode} = 450" };
            }

            if (isMx && service.Parameters.Exists(Reason) && reason.IsEmpty)
            {
                yield return About(reason, service, Severity.Warning, "strangers are told what the server behind said, with its name and address")
                    with
                { Effective = "the answer of the server behind", Fix = $"{Reason} = Recipient address is not known" };
            }
        }
    }

    /// <summary>A default has no place: it is one cause for all services.</summary>
    private Finding About(EffectiveValue value, EffectiveService service, Severity severity, string message) =>
        Of(severity, message, value, service) with { Position = value.Position };

    /// <summary>The first digit of a reply code; 0 for what is none.</summary>
    private static int ClassOf(EffectiveValue code) =>
        code.Text.Length == 3 && code.Text.All(char.IsAsciiDigit) ? code.Text[0] - '0' : 0;
}
