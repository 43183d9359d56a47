using RcptVerify.PostfixConfig.Effective;

namespace RcptVerify.PostfixConfig.Rules.Cip;

/// <summary>Cipher grades that are none, too weak, or stricter in name only.</summary>
internal sealed class Cip005Grade : PostfixRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (CipherUse use in CipherUse.In(context))
        {
            EffectiveValue grade = context.Origin(use.Ciphers.Grade);
            string word = grade.Text.ToLowerInvariant();
            if (use.Ciphers.List is null)
            {
                yield return Of(Severity.Error, $"{Quoted.Word(grade.Text)} is no cipher grade: no TLS session is made", grade, use.Service) with
                {
                    Effective = "TLS off",
                    Fix = $"{grade.Name} = medium",
                };
            }
            else if (word == "null")
            {
                // Clients leave these suites out themselves where TLS is mandatory.
                bool isEmpty = use.Ciphers.Suites is { Count: 0 };
                yield return Of(Severity.Error, "the grade null selects suites that do not encrypt", grade, use.Service) with
                {
                    Effective = isEmpty ? "TLS off" : "authentication without encryption",
                    Fix = $"{grade.Name} = medium",
                };
            }
            else if (word is "low" or "export")
            {
                if (Weak(context, grade, word, use) is Finding finding)
                    yield return finding;
            }
            else if (word == "high" && use.IsOpportunistic && grade.IsSet && SelectsTheSame(context, use))
            {
                yield return Of(
                    Severity.Notice,
                    "the grade high is of no use where TLS is opportunistic: it selects what medium does, and with old libraries less",
                    grade,
                    use.Service) with
                {
                    Effective = "medium",
                    Fix = $"{grade.Name} = medium",
                };
            }
        }
    }

    private Finding? Weak(RuleContext context, EffectiveValue grade, string word, CipherUse use)
    {
        if (context.Postfix.IsAtLeast(3, 8))
        {
            return Of(
                Severity.Notice,
                $"the grade {word} means medium",
                grade,
                use.Service) with
            { Effective = "medium", Fix = $"{grade.Name} = medium" };
        }

        // Export was the default up to 2015. It is no weakness where the library has no such suites.
        if (!grade.IsSet && context.Target.OpenSsl.IsAtLeast(1, 1))
            return null;
        string bits = word == "export" ? "40" : "56";
        return Of(Severity.Error, $"the grade {word} lets in keys of {bits} bits, as far as OpenSSL has such suites", grade, use.Service) with
        {
            Fix = $"{grade.Name} = medium",
        };
    }

    /// <summary>Not so only where somebody replaced one of the two lists, which is RV-CIP-006.</summary>
    private static bool SelectsTheSame(RuleContext context, CipherUse use) =>
        !use.Ciphers.List!.IsSet && context.Target.OpenSsl.IsAtLeast(1, 1);
}
