using System.Globalization;
using RcptVerify.Configuration;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Restrictions;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Syn;

/// <summary>A value that the program which reads it cannot take: it ends with a fatal error each time it starts.</summary>
internal sealed class Syn003WrongType : PostfixRule
{
    /// <summary>The near word is looked for this often in the lists of a server.</summary>
    private const int MostHints = 20;

    /// <summary>Classes beyond are not looked at: nobody has as many.</summary>
    private const int MaxClasses = 1000;

    private static readonly string[] Affirmations = ["true", "on", "y", "1", "enable", "enabled"];
    private static readonly string[] Denials = ["false", "off", "n", "0", "disable", "disabled"];

    // Strings of mail_params.c with a least length of 1, which every program reads. Not setgid_group, which the main.cf of Postfix's
    // source leaves empty for the installation to fill in.
    private static readonly HashSet<string> NeverEmpty = new(StringComparer.Ordinal)
    {
        "myhostname", "mydomain", "myorigin", "mail_owner", "queue_directory", "data_directory", "command_directory",
        "daemon_directory", "mail_name", "syslog_name", "double_bounce_sender", "cleanup_service_name",
    };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        EffectiveService? server = context.Services.FirstOrDefault(service => service.Daemon == Daemon.Smtpd);
        foreach (WrittenValue written in context.ParameterNames.SelectMany(context.InForce))
        {
            if (written.Raw.Length == 0 && NeverEmpty.Contains(written.Name))
            {
                yield return Of(Severity.Error, "the value must not be empty: programs that read it end with a fatal error", written) with { Fix = "delete the line" };
                continue;
            }

            ParameterKind kind = ParameterKind.Of(written.Name, context);
            // The level of a wrapped service is not looked at; a remark behind the value is RV-SYN-002's.
            if (kind.TakesText || Syn002CommentAfterValue.Find(written, context) is not null
                || (written.Name == "smtpd_tls_security_level" && written.Service?.Tls?.IsWrapped == true))
                continue;
            EffectiveValue value = context.Evaluate(written);
            string? fault = Fault(kind, value, context.Postfix);
            if (fault is null && value.Raw.Contains("stress", StringComparison.Ordinal) && (written.Service ?? server) is EffectiveService service)
            {
                value = service.UnderStress[written.Name];
                fault = Fault(kind, value, context.Postfix);
            }

            if (fault is null)
            {
                if (kind.Type == ParameterType.Integer && ParameterLimit.IsNoRefusal(value))
                {
                    yield return Of(Severity.Warning, $"{Shown.Quoted(value.Text)} is no code to refuse with, 400 to 599", value, written.Service) with
                    {
                        Effective = "450 4.7.1 Service unavailable",
                    };
                }

                continue;
            }

            yield return Of(Severity.Error, $"{Shown.Quoted(value.Text)} {fault}: programs that read it end with a fatal error", value, written.Service) with
            {
                Fix = Advice(kind, value),
            };
        }

        foreach (EffectiveService service in context.Services.Where(service => service.Daemon == Daemon.Smtpd))
        {
            foreach (Finding finding in OfRestrictions(context, service))
                yield return finding;
        }
    }

    private IEnumerable<Finding> OfRestrictions(RuleContext context, EffectiveService service)
    {
        EffectiveValue classes = service["smtpd_restriction_classes"];
        if (RestrictionSuspects.IsUnfinished(classes))
            yield break;
        foreach (string name in classes.Words.Take(MaxClasses).Where(name => service[name] is { Text.Length: 0, Undefined.Count: 0, Error: null }))
        {
            yield return Of(Severity.Error, $"the restriction class {Quoted.Word(name)} is empty or not defined: smtpd ends with a fatal error", classes, service) with
            {
                Effective = "the server does not start",
                Fix = $"{Shown.Plain(name)} = its restrictions, or delete the word",
            };
        }

        int count = 0;
        foreach (RestrictionSuspect suspect in RestrictionLists.All.SelectMany(list => RestrictionSuspects.Of(service.Parameters, list)))
        {
            if (RestrictionFault.Of(suspect, context.Postfix, count++ < MostHints) is RestrictionFault fault)
            {
                yield return Of(fault.Severity, fault.Message, suspect.Restriction.Source, service, suspect.Restriction.Word) with
                {
                    Effective = fault.Effective,
                    Fix = fault.Fix,
                };
            }
        }
    }

    private static string? Fault(ParameterKind kind, EffectiveValue value, PostfixVersion postfix)
    {
        if (value.Error is not null)
            return null;
        if (kind.Words is ValueWords words)
        {
            IReadOnlyList<string> given = words.IsList ? value.Words : value.IsEmpty ? [] : [value.Text];
            return given.Count == 0 && words.IsNeeded ? $"must be {(words.IsList ? "some" : "one")} of {string.Join(", ", words.Words)}"
                : given.All(words.Has) ? null : $"is none of {string.Join(", ", words.Words)}";
        }

        return OfKind(kind, value) ?? ParameterLimit.Fault(kind.Type, value, postfix);
    }

    private static string? OfKind(ParameterKind kind, EffectiveValue value) =>
        kind.Type switch
        {
            ParameterType.Boolean when !value.IsYes && !value.Text.Equals("no", StringComparison.OrdinalIgnoreCase) => "is neither yes nor no",
            ParameterType.Integer when !long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) => "is no number",
            ParameterType.Time when !IsTime(value.Text) => "is no time: a number, and s, m, h, d or w right behind it",
            _ => null,
        };

    /// <summary>As conv_time(3) reads it: a number, then one letter that is a unit; what stands behind that it does not look at.</summary>
    private static bool IsTime(string text)
    {
        int at = text.StartsWith('+') ? 1 : 0;
        int digits = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return text.Length > 0 && (at == digits || int.TryParse(text.AsSpan(digits, at - digits), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            && (at == text.Length ? at > digits : "smhdw".Contains(text[at], StringComparison.Ordinal));
    }

    private static string Advice(ParameterKind kind, EffectiveValue value) =>
        kind.Words is ValueWords words && Spelling.Nearest(value.Text, words.Words) is string near ? $"{value.Name} = {near}"
        : kind.Type != ParameterType.Boolean ? ""
        : Affirmations.Contains(value.Text, StringComparer.OrdinalIgnoreCase) ? $"{value.Name} = yes"
        : Denials.Contains(value.Text, StringComparer.OrdinalIgnoreCase) ? $"{value.Name} = no"
        : "";
}
