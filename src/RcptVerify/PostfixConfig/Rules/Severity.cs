namespace RcptVerify.PostfixConfig.Rules;

/// <summary>How bad a finding is, in rising order.</summary>
internal enum Severity
{
    /// <summary>Not reported; only as a setting of the user's.</summary>
    None,

    /// <summary>Worth knowing: no effect, out of date, could be better.</summary>
    Notice,

    /// <summary>Weaker than it looks, or mail may be lost to strictness.</summary>
    Warning,

    /// <summary>Does not work as written, or is dangerous.</summary>
    Error,
}
