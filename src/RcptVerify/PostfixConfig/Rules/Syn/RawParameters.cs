namespace RcptVerify.PostfixConfig.Rules.Syn;

/// <summary>
/// Parameters whose value Postfix does not expand when it reads it, CONFIG_RAW_TABLE: their <c>$name</c> are filled in later, from a
/// delivery or a session.
/// </summary>
internal static class RawParameters
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "command_execution_directory", "default_rbl_reply", "forward_path", "luser_relay", "mailbox_command", "postscreen_expansion_filter",
        "postscreen_reject_footer", "smtpd_expansion_filter", "smtpd_reject_footer",
    };

    /// <summary>Whether it is one.</summary>
    public static bool Contains(string name) => Names.Contains(name);
}
