using RcptVerify.Configuration;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Syn;

/// <summary>A name that the release does not know and ignores.</summary>
internal sealed class Syn007UnknownParameter : PostfixRule
{
    /// <summary>The near name is looked for this often; a file of nothing but unknown names is no main.cf.</summary>
    private const int MostHints = 20;

    /// <summary>A word of no length: the name is underlined, not the value.</summary>
    private static readonly (int, int) NameItself = (0, 0);

    private static readonly string[] AboutTls = ["tls", "cipher", "ssl", "dane", "dnssec"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        OwnNames? own = null;
        List<string>? names = null;
        int hints = 0;
        foreach (WrittenValue written in Unknown(context))
        {
            if ((own ??= new OwnNames(context)).Contains(written.Name))
                continue;
            // A byte order mark, or a space that is none, is RV-SYN-001's.
            if (Blank.HasFeigned(written.Name))
                continue;
            if (PostfixDefaults.Find(written.Name) is ParameterHistory history)
            {
                // What is gone is RV-DEP-002's.
                if (Coming(history, context.Postfix) is PostfixVersion since)
                {
                    yield return Of(SeverityOf(written.Name), "this Postfix does not have the parameter yet, and ignores it", written, NameItself) with
                    {
                        Effective = "ignored",
                        Fix = $"Postfix {since} or later",
                    };
                }

                continue;
            }

            names ??= [.. PostfixDefaults.Names.Where(name => PostfixDefaults.Exists(name, context.Postfix))];
            string? near = hints++ < MostHints ? Nearest(written.Name, names) : null;
            yield return Of(
                SeverityOf(near is null ? written.Name : written.Name + near),
                $"Postfix has no parameter of this name, and nothing uses it as $name: it does nothing{(near is null ? "" : $", did you mean \"{near}\"?")}",
                written,
                NameItself) with
            {
                Effective = "ignored",
                Fix = near is null ? "" : $"{near} = {Shown.Plain(written.Raw)}",
            };
        }
    }

    private static IEnumerable<WrittenValue> Unknown(RuleContext context)
    {
        MainDefinitions main = context.Definitions;
        return main.Foreign
            .Concat(main.ParameterNames.Where(name => !PostfixDefaults.Exists(name, context.Postfix)).SelectMany(main.Named))
            .Concat(context.Options.Where(option => !PostfixDefaults.Exists(option.Name, context.Postfix)));
    }

    private static Severity SeverityOf(string name) =>
        AboutTls.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)) ? Severity.Error : Severity.Warning;

    /// <summary>The nearest name of the same program, else of any: <c>smtpd_exclude_ciphers</c> is as near to smtp's as to smtpd's.</summary>
    private static string? Nearest(string name, List<string> names)
    {
        int end = name.IndexOf('_', StringComparison.Ordinal) + 1;
        string program = name[..end];
        return (end > 0 ? Spelling.Nearest(name, names.Where(known => known.StartsWith(program, StringComparison.Ordinal))) : null)
            ?? Spelling.Nearest(name, names);
    }

    /// <summary>The next release that has it; null when there is none.</summary>
    private static PostfixVersion? Coming(ParameterHistory history, PostfixVersion version)
    {
        foreach (DefaultEntry entry in history.Entries)
        {
            if (entry.Exists && entry.Since > version)
                return entry.Since;
        }

        return null;
    }
}
