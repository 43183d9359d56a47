using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Net;

/// <summary>What smtpd(8) does with lines that end in a bare newline, CVE-2023-51764.</summary>
internal static class BareNewline
{
    /// <summary>The parameter.</summary>
    public const string Parameter = "smtpd_forbid_bare_newline";

    /// <summary>The releases that have it; branches from 3.4 on back got none.</summary>
    public const string Releases = "3.5.23 3.6.13 3.7.9 3.8.4 3.9";

    /// <summary>Whether a release can tell the end of a message by the standard alone.</summary>
    public static bool IsKnown(PostfixVersion version) => version.Has(Releases);

    /// <summary>Whether a server does so. What is no value at all is fatal for Postfix and not judged here.</summary>
    public static bool IsForbidden(EffectiveService service, PostfixVersion version) => IsKnown(version) && !IsNo(service[Parameter]);

    /// <summary>Whether a value is <c>no</c>.</summary>
    public static bool IsNo(EffectiveValue value) => value.Text.Equals("no", StringComparison.OrdinalIgnoreCase);

    /// <summary>smtpd(8) services that take mail from the network.</summary>
    public static IEnumerable<EffectiveService> PublicServers(RuleContext context) =>
        context.Services.Where(service => service.Daemon == Daemon.Smtpd && service.Role is ServiceRole.Mx or ServiceRole.Submission);
}
