namespace RcptVerify.Configuration;

/// <summary>Caps on what a configuration may cost. They are ours: a site with 10 000 routes stays far below them.</summary>
internal static class ConfigurationLimits
{
    /// <summary>Largest configuration file, in bytes: a wrongly named file must not fill the memory.</summary>
    public const int MaxFileBytes = 1024 * 1024;

    /// <summary>Most errors reported in one run; a last line counts the rest.</summary>
    public const int MaxErrors = 100;

    /// <summary>Most characters of an outside text quoted in one message.</summary>
    public const int MaxQuotedLength = 80;
}
