namespace RcptVerify.PostfixConfig.Rules;

/// <summary>Names of severities, as options, pages and reports write them.</summary>
internal static class Severities
{
    private static readonly string[] Names = ["none", "notice", "warning", "error"];

    /// <summary>The names that a user may give, for help and errors.</summary>
    public static string All => string.Join("|", Names);

    /// <summary>The name.</summary>
    public static string Text(Severity severity) => Names[(int)severity];

    /// <summary>The severity of a name; null for none.</summary>
    public static Severity? Parse(string text)
    {
        int at = Array.IndexOf(Names, text);
        return at < 0 ? null : (Severity)at;
    }
}
