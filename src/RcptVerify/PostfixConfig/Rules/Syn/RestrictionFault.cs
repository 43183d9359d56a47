using RcptVerify.Configuration;
using RcptVerify.PostfixConfig.Restrictions;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Syn;

/// <summary>What a release makes of a restriction that it cannot carry out.</summary>
/// <param name="Severity">How bad.</param>
/// <param name="Message">As <see cref="Finding.Message"/>.</param>
/// <param name="Effective">As <see cref="Finding.Effective"/>.</param>
/// <param name="Fix">As <see cref="Finding.Fix"/>.</param>
internal sealed record RestrictionFault(Severity Severity, string Message, string Effective, string Fix)
{
    private const string Refused = "451 4.3.5 Server configuration error, for whoever comes to it";

    /// <summary>What is wrong in a release; null for nothing.</summary>
    /// <param name="suspect">The restriction.</param>
    /// <param name="postfix">The release.</param>
    /// <param name="seeksNear">Whether to look for the word that was meant.</param>
    public static RestrictionFault? Of(RestrictionSuspect suspect, PostfixVersion postfix, bool seeksNear)
    {
        Restriction restriction = suspect.Restriction;
        string name = Quoted.Word(restriction.Name);
        (string message, string fix)? fault = suspect.Kind switch
        {
            SuspectKind.Word => OfWord(restriction, postfix, seeksNear),
            SuspectKind.Table => ($"{name} needs a table behind it, type:name", $"{Shown.Plain(restriction.Name)} hash:/etc/postfix/access"),
            SuspectKind.Server => ($"{name} needs a server behind it, inet:host:port or unix:path", $"{Shown.Plain(restriction.Name)} inet:127.0.0.1:10040"),
            SuspectKind.BareTable => ("a table by itself is asked for nothing here", "say what it is asked for: check_client_access, check_sender_access"),
            _ => null,
        };
        if (suspect.Kind == SuspectKind.Server && restriction.Argument.Length > 0)
        {
            // All policy servers are made known at start, whoever comes to them.
            return new(
                Severity.Error, $"{Quoted.Word(restriction.Argument)} is no server, inet:host:port or unix:path: smtpd ends with a fatal error", "the server does not start", "");
        }

        if (suspect.Kind == SuspectKind.Domain)
            return new(Severity.Warning, $"{name} needs the domain of a list behind it", "it does nothing", "");
        if (fault is not (string what, string advice))
            return null;
        // warn_if_reject makes no exception: a fault of the configuration is no refusal.
        return !suspect.IsReached ? new(Severity.Notice, $"{what}; nobody comes to it", "it does nothing", advice)
            : new(Severity.Error, what, Refused, advice);
    }

    private static (string, string)? OfWord(Restriction restriction, PostfixVersion postfix, bool seeksNear)
    {
        if (RestrictionNames.Since(restriction.Name) is PostfixVersion since)
        {
            return since <= postfix ? null
                : ($"this Postfix does not have the restriction {Quoted.Word(restriction.Name)} yet", $"Postfix {new PostfixVersion(since.Major, since.Minor)} or later");
        }

        string? near = !seeksNear ? null : Spelling.Nearest(restriction.Name, RestrictionNames.All.Where(name => RestrictionNames.Since(name) <= postfix));
        return ($"Postfix has no restriction {Quoted.Word(restriction.Name)}{(near is null ? "" : $", did you mean \"{near}\"?")}", near ?? "");
    }
}
