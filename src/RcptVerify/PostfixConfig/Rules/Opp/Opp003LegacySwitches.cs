using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules.Fixes;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Opp;

/// <summary>The switches of Postfix 2.2 beside or instead of a level.</summary>
internal sealed class Opp003LegacySwitches : PostfixRule
{
    private static readonly string[] Programs = ["smtpd", "smtp", "lmtp"];
    private static readonly string[] Switches = ["use_tls", "enforce_tls"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (string program in Programs)
        {
            foreach (string name in Switches.Select(name => $"{program}_{name}"))
            {
                foreach (WrittenValue written in context.InForce(name))
                    yield return Switch(context, program, written);
            }

            foreach (WrittenValue written in program == "smtpd" ? [] : context.InForce($"{program}_tls_per_site"))
            {
                yield return Of(Severity.Warning, "this table has given way to the TLS policy table, and will be removed", written) with
                {
                    Fix = $"{program}_tls_policy_maps",
                };
            }
        }
    }

    private Finding Switch(RuleContext context, string program, WrittenValue written)
    {
        string name = $"{program}_tls_security_level";
        EffectiveValue level = written.Service is null ? context.Main[name] : written.Service[name];
        EffectiveValue value = context.Evaluate(written);
        bool isYes = value.IsYes;
        // What is neither stops the program (RV-SYN-003), and only its author knows what it shall be.
        bool isBoolean = isYes || value.Text.Equals("no", StringComparison.OrdinalIgnoreCase);
        if (!level.IsEmpty)
        {
            bool contradicts = isBoolean && isYes != Includes(level.Text, written.Name.EndsWith("enforce_tls", StringComparison.Ordinal));
            return Of(
                Severity.Warning,
                contradicts ? "this switch says something else than the level, and is ignored" : "this switch is ignored beside a level, and will be removed",
                written) with
            {
                Effective = $"{name} = {level.Text}",
                Fix = "delete it",
                Edits = written.Service is not null || IsMainAlone(context, program) ? Edits.Delete(written) : [],
            };
        }

        string effective = Effective(written.Service?.Parameters ?? context.Main, program);
        bool decides = isYes && (written.Name.EndsWith("enforce_tls", StringComparison.Ordinal) || effective == "may");
        return Of(Severity.Warning, "TLS is switched by a parameter that has given way to a level, and will be removed", written) with
        {
            Effective = $"{name} = {effective}",
            // An option may be there to undo what main.cf says.
            Fix = decides || !isBoolean || written.Service is not null ? $"{name} = {effective}" : "delete it",
            Edits = isBoolean ? Replacement(context, program, written, decides ? $"{name} = {effective}" : "") : [],
        };
    }

    /// <summary>Whether a level has what a switch turns on: TLS at all, or TLS without which no mail goes.</summary>
    private static bool Includes(string level, bool isEnforcement) => TlsLevels.Parse(level) is TlsLevel known
        && (isEnforcement ? known is TlsLevel.Encrypt or >= TlsLevel.DaneOnly : known >= TlsLevel.May);

    /// <summary>The level that the switches amount to.</summary>
    private static string Effective(EffectiveParameters parameters, string program) =>
        parameters.IsYes($"{program}_enforce_tls")
            ? program != "smtpd" && parameters.IsYes($"{program}_tls_enforce_peername") ? "verify" : "encrypt"
            : parameters.IsYes($"{program}_use_tls") ? "may" : "none";

    /// <summary>Instead of the deciding switch the level, instead of the others nothing; only in main.cf, and only where no service differs.</summary>
    private static IReadOnlyList<TextEdit> Replacement(RuleContext context, string program, WrittenValue written, string text)
    {
        bool hasEmptyLevel = context.Configuration.Main.Find($"{program}_tls_security_level") is not null;
        bool isTwice = context.WrittenAs(written.Name).Count(value => value.Service is null) > 1;
        if (written.Entry is null || isTwice || hasEmptyLevel || !IsMainAlone(context, program))
            return [];
        return [.. Edits.Delete(written).Select(edit => text.Length == 0 ? edit : edit with { Replacement = text + LineEnd(edit) })];
    }

    private static string LineEnd(TextEdit edit)
    {
        ReadOnlySpan<char> deleted = edit.File.Text.AsSpan(edit.Start, edit.End - edit.Start);
        return deleted.EndsWith("\r\n") ? "\r\n" : deleted.EndsWith("\n") ? "\n" : "";
    }

    /// <summary>Whether no service has a switch, or an empty level, of its own: with one, a change of main.cf would change that service.</summary>
    private static bool IsMainAlone(RuleContext context, string program) => !context.Options.Any(value =>
        value.Name == $"{program}_use_tls" || value.Name == $"{program}_enforce_tls"
        || (value.Name == $"{program}_tls_security_level" && context.Evaluate(value).IsEmpty));
}
