using RcptVerify.PostfixConfig.Effective;

namespace RcptVerify.PostfixConfig.Rules.Avr;

/// <summary>The sender of probes: empty, or the same for years; and results that are filed under the wrong address.</summary>
internal sealed class Avr007ProbeSender : PostfixRule
{
    private const string Sender = "address_verify_sender";
    private const string Ttl = "address_verify_sender_ttl";
    private const string Original = "enable_original_recipient";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        EffectiveValue sender = context.Main[Sender];
        EffectiveValue ttl = context.Main[Ttl];
        bool isNull = sender.IsEmpty || sender.Text == "<>";
        if (sender.IsSet && isNull)
        {
            yield return Of(Severity.Warning, "probes have the null sender, which many servers refuse: good recipients are refused with it", sender) with
            {
                Effective = "MAIL FROM:<>",
                Fix = "delete the line: the default is double-bounce, whose mail Postfix discards",
            };
        }
        else if (sender.IsSet && context.Main.Exists(Ttl) && IsZero(ttl.Text))
        {
            yield return Of(Severity.Notice, "the sender of probes never changes: it ends up on spammers' lists", sender) with
            {
                Effective = $"{Ttl} = {ttl.Text}",
                Fix = $"{Ttl} = 30011s",
            };
        }

        EffectiveValue original = context.Main[Original];
        bool isOff = original.IsSet && original.Text.Equals("no", StringComparison.OrdinalIgnoreCase);
        if (isOff && !context.Postfix.IsAtLeast(3, 3) && Verification.IsUsed(context))
        {
            yield return Of(Severity.Error, "what a probe finds is filed under the rewritten address, not under the one that was asked for: mail is deferred again and again", original) with
            {
                Effective = "results are not found",
                Fix = "delete the line",
            };
        }
    }

    /// <summary>Whether a time is nothing: 0, 0s, 00h. What is no time is not judged here.</summary>
    private static bool IsZero(string time) => time.TrimEnd([.. "smhdw"]) is { Length: > 0 } number && number.All(digit => digit == '0');
}
