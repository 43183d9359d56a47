using RcptVerify.Configuration;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Expansion;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Syn;

/// <summary>A <c>$name</c> that is empty where it is used, or that a backslash was to keep from a shell.</summary>
internal sealed class Syn005UndefinedReference : PostfixRule
{
    /// <summary>Programs whose defaults others do not know, by what their parameters begin with.</summary>
    private static readonly string[] Programs = ["smtpd_", "smtp_", "lmtp_"];

    private static readonly HashSet<string> NeverEmpty = new(StringComparer.Ordinal)
    {
        "myhostname", "mydomain", "myorigin", "mail_owner", "setgid_group", "queue_directory", "data_directory", "command_directory",
        "daemon_directory", "smtp_helo_name", "lmtp_lhlo_name", "mail_name",
    };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        HashSet<string> ofServices =
            [.. context.Services.SelectMany(service => service.Service.Overrides).Select(over => over.Name)];
        foreach (WrittenValue written in context.WithReference)
        {
            if (RawParameters.Contains(written.Name))
                continue;
            EffectiveValue value = context.Evaluate(written);
            if (value.Error == ParameterExpander.BudgetError)
                yield break;
            if (value.Error is not null)
                continue;
            foreach (Finding finding in Check(context, value, written.Service, ofServices))
                yield return finding;
        }
    }

    private IEnumerable<Finding> Check(RuleContext context, EffectiveValue value, EffectiveService? service, HashSet<string> ofServices)
    {
        bool found = false;
        HashSet<string> named = new(StringComparer.Ordinal);
        foreach ((string name, int offset, int length) in NameReferences.Of(value.Raw))
        {
            bool isEscaped = offset > 0 && value.Raw[offset - 1] == '\\';
            if (!named.Add(name) && !isEscaped)
                continue;
            string? message = isEscaped ? "a backslash before a \"$\" stays in the value: there is no shell here to take it away"
                : value.Undefined.Contains(name) && (service is not null || !ofServices.Contains(name)) ? $"nothing defines ${Shown.Plain(name)}, which is empty here"
                : IsForeign(context, value.Name, name, service) ? $"${name} is another program's: the one that uses this value does not know its default, and sees nothing"
                : null;
            if (message is null)
                continue;
            found = true;
            yield return Underlined(message, value, service, (isEscaped ? offset - 1 : offset, isEscaped ? length + 1 : length)) with { Effective = Effective(value) };
        }

        if (!found && value.IsEmpty && value.Undefined.Count == 0 && NeverEmpty.Contains(value.Name))
            yield return Of(Severity.Warning, "the value is empty after expansion, and must not be", value, service);
    }

    /// <summary>The word as it stands in the value before expansion.</summary>
    private Finding Underlined(string message, EffectiveValue value, EffectiveService? service, (int Offset, int Length) word)
    {
        WrittenValue written = new(value.Name, value.Raw, value.Override is null ? null : service, value.Entry, value.Override);
        return Of(Severity.Warning, message, written, word);
    }

    private static string Effective(EffectiveValue value) => $"{value.Name} = {Shown.Plain(value.Text)}";

    /// <summary>Whether a name is a built-in one that only another program has a default for, that is not empty and that main.cf does not set.</summary>
    private static bool IsForeign(RuleContext context, string user, string name, EffectiveService? service)
    {
        string? owner = Programs.FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
        string? reader = Programs.FirstOrDefault(prefix => user.StartsWith(prefix, StringComparison.Ordinal));
        return owner is not null && reader is not null && owner != reader
            && context.Configuration.Main.Find(name) is null
            && service?.Service.Find(name) is null
            && !string.IsNullOrEmpty(PostfixDefaults.Of(name, context.Target));
    }
}
